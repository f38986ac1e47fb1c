"""Makes a bucket and a key that may use it, on a server at argv[1] that judges every call after these four."""

import json
import sys

import boto3

given = {"endpoint_url": sys.argv[1], "region_name": "us-east-1"}
given |= {"aws_access_key_id": "first", "aws_secret_access_key": "first"}
boto3.client("s3", **given).create_bucket(Bucket="data")
iam = boto3.client("iam", **given)
iam.create_user(UserName="team")
key = iam.create_access_key(UserName="team")["AccessKey"]
policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
iam.put_user_policy(UserName="team", PolicyName="data", PolicyDocument=json.dumps(policy))
json.dump({"id": key["AccessKeyId"], "secret": key["SecretAccessKey"]}, sys.stdout)
