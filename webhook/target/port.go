package target

import (
	"net/url"
	"strconv"
	"strings"
)

// foreignPorts are the ports from 1024 up where something else than a web
// server answers, and could be talked into harm by an HTTP request.
var foreignPorts = map[uint64]bool{
	// "Bad ports" of the WHATWG Fetch standard, section 2.9.
	1719: true, 1720: true, 1723: true, 2049: true, 3659: true, 4045: true,
	4190: true, 5060: true, 5061: true, 6000: true, 6566: true, 6665: true,
	6666: true, 6667: true, 6668: true, 6669: true, 6679: true, 6697: true,
	10080: true,

	// Databases and caches.
	1433:  true, // SQL Server
	1434:  true,
	1521:  true, // Oracle
	3050:  true, // Firebird
	3306:  true, // MySQL
	5432:  true, // PostgreSQL
	5984:  true, // CouchDB
	6379:  true, // Redis
	6380:  true, // Redis over TLS
	7000:  true, // Cassandra
	9042:  true,
	9160:  true,
	9200:  true, // Elasticsearch
	9300:  true,
	11211: true, // memcached
	26257: true, // CockroachDB
	26379: true, // Redis Sentinel
	27017: true, // MongoDB
	27018: true,
	27019: true,
	33060: true, // MySQL X
	50000: true, // Db2

	// Queues and messaging.
	1883:  true, // MQTT
	2775:  true, // SMPP
	3550:  true, // SMPP over TLS
	4222:  true, // NATS
	5671:  true, // AMQP over TLS
	5672:  true, // AMQP
	8883:  true, // MQTT over TLS
	9092:  true, // Kafka
	61613: true, // STOMP
	61616: true, // ActiveMQ

	// Control of machines and clusters, directories, proxies.
	1080:  true, // SOCKS
	2181:  true, // ZooKeeper
	2375:  true, // Docker
	2376:  true,
	2379:  true, // etcd
	2380:  true,
	3128:  true, // Squid
	3268:  true, // Active Directory
	3269:  true,
	3389:  true, // remote desktop
	5900:  true, // VNC
	5985:  true, // WinRM
	5986:  true,
	10250: true, // kubelet
	10255: true,
}

// checkPort lets through no port at all, 80, 443, and 1024 to 65535 but for
// foreignPorts; written plainly, so that every reader sees the same number.
func checkPort(u *url.URL) error {
	port := u.Port()
	if port == "" && !strings.HasSuffix(u.Host, ":") {
		return nil
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || port[0] == '0' || !isWebPort(n) {
		return refuse(codePort)
	}
	return nil
}

func isWebPort(n uint64) bool {
	return n == 80 || n == 443 || n >= 1024 && !foreignPorts[n]
}
