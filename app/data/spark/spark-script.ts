/**
 * What spark-submit runs: it connects to the socket that it is given, runs each query that a line brings and answers
 * with a line of its rows. It ends when nobody asks any more, however the other side ended.
 */
export const sparkScript = `import json
import socket
import sys

from pyspark.sql import SparkSession


def main():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(sys.argv[1])
    questions = connection.makefile("r", encoding="utf-8", newline="\\n")

    def say(answer):
        connection.sendall(json.dumps(answer).encode("utf-8") + b"\\n")

    spark = SparkSession.builder.appName("trainyard data profile").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    say({"version": spark.version})
    for line in questions:
        try:
            rows = spark.sql(json.loads(line)["sql"]).collect()
            say({"rows": [list(row) for row in rows]})
        except Exception as error:
            say({"error": str(error)})
    spark.stop()


main()
`;
