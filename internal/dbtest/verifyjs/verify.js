// Reads calls from standard input, a JSON array of {secret, payload, headers}, and
// answers with an array: null for a call that verifies, else the error.
const { Webhook } = require("standardwebhooks");

let input = "";
process.stdin.setEncoding("utf8"); // a chunk may end in the middle of a character
process.stdin.on("data", (chunk) => (input += chunk));
process.stdin.on("end", () => {
  const answers = JSON.parse(input).map(({ secret, payload, headers }) => {
    try {
      new Webhook(secret).verify(payload, headers, { jsonParse: false });
      return null;
    } catch (err) {
      return String(err);
    }
  });
  process.stdout.write(JSON.stringify(answers));
});
