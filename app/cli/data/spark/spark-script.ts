/** Queries that Spark runs at a time: most of a small one is planning. */
export const questionsAtOnce = 4;

/**
 * What spark-submit runs: it connects to the socket that it is given, runs each query that a line brings and answers
 * with a line of its rows. It ends when nobody asks any more, however the other side ended.
 */
export const sparkScript = `import json
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession


def main():
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(sys.argv[1])
    questions = connection.makefile("r", encoding="utf-8", newline="\\n")

    lock = threading.Lock()

    def say(answer):
        with lock:
            connection.sendall(json.dumps(answer, allow_nan=False).encode("utf-8") + b"\\n")

    def reply(question):
        try:
            rows = spark.sql(question["sql"]).collect()
            say({"id": question["id"], "rows": [list(row) for row in rows]})
        except Exception as error:
            say({"id": question["id"], "error": str(error)})

    spark = SparkSession.builder.appName("trainyard data profile").getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    say({"version": spark.version})
    pool = ThreadPoolExecutor(${questionsAtOnce})
    for line in questions:
        pool.submit(reply, json.loads(line))
    spark.sparkContext.cancelAllJobs()
    spark.stop()


main()
`;
