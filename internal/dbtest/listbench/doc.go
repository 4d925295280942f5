// Package listbench measures the Clients list of a million clients on PostgreSQL: every order with every filter, alone and two together, searches, and counts.
package listbench
