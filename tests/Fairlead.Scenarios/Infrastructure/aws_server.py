#!/usr/bin/env python3
"""moto's server, with the few calls that Terraform's provider aws 5.100.0 makes and moto 5.2.1 does not answer.

usage: python aws_server.py -H 127.0.0.1 -p PORT
"""

import base64
import inspect
import json
import os
import re
import sys
import uuid

# Policies that AWS keeps for everybody are there.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.cloudfront import urls as cloudfront
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.elasticache.models import CacheCluster, ElastiCacheBackend
from moto.rds import models as rds
from moto.server import main

autoscaling_tags = {}


def list_tags_for_resource(self):
    return json.dumps({"Tags": autoscaling_tags.get(json.loads(self.body).get("ResourceARN"), {})})


def tag_resource(self):
    body = json.loads(self.body)
    autoscaling_tags.setdefault(body["ResourceARN"], {}).update(body.get("Tags", {}))
    return "{}"


ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
ApplicationAutoScalingResponse.tag_resource = tag_resource


def resource_id(self):
    if "own_id" not in self.__dict__:
        self.__dict__["own_id"] = "db-" + uuid.uuid4().hex[:26].upper()
    return self.__dict__["own_id"]


# The provider looks a database up by it, and moto gives all the same.
rds.DBInstance.dbi_resource_id = property(resource_id, lambda self, value: None)

create_replication_group = ElastiCacheBackend.create_replication_group
delete_replication_group = ElastiCacheBackend.delete_replication_group


def create_group_with_members(self, **said):
    group = create_replication_group(self, **said)
    known = inspect.signature(CacheCluster.__init__).parameters
    for member in group.member_clusters:
        settings = {name: said.get(name) for name in known if name != "self"}
        settings |= {"account_id": self.account_id, "region_name": self.region_name, "cache_cluster_id": member}
        self.cache_clusters[member] = CacheCluster(**settings)
    return group


def delete_group_with_members(self, *args, **said):
    group = delete_replication_group(self, *args, **said)
    for member in group.member_clusters:
        self.cache_clusters.pop(member, None)
    self.replication_groups.pop(group.replication_group_id, None)
    return group


# moto makes the group without those that it is of, and never ends removing it.
ElastiCacheBackend.create_replication_group = create_group_with_members
ElastiCacheBackend.delete_replication_group = delete_group_with_members

# A rule about another group has its words there, which moto keeps and does not tell.
SecurityGroupRule.description = property(
    lambda self: (self.ip_range or {}).get("Description") or (self.source_group or {}).get("Description")
)

functions = {}


def text(document, name):
    found = re.search(f"<{name}>(.*?)</{name}>", document, re.S)
    return found.group(1) if found else ""


def summary(name):
    one = functions[name]
    stage = "LIVE" if one["live"] else "DEVELOPMENT"
    return f"""<?xml version="1.0"?>
<FunctionSummary xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Name>{name}</Name><Status>UNPUBLISHED</Status>
<FunctionConfig><Comment>{one["comment"]}</Comment><Runtime>{one["runtime"]}</Runtime></FunctionConfig>
<FunctionMetadata><FunctionARN>arn:aws:cloudfront::123456789012:function/{name}</FunctionARN><Stage>{stage}</Stage>
<CreatedTime>2026-01-01T00:00:00Z</CreatedTime><LastModifiedTime>2026-01-01T00:00:00Z</LastModifiedTime></FunctionMetadata>
</FunctionSummary>"""


def function(request, full_url, headers):
    """CloudFront's functions, which moto does not have: kept, and never run."""
    path = full_url.split("/2020-05-31/function", 1)[1].split("?")[0].strip("/").split("/")
    name, call = path[0], path[1] if len(path) > 1 else ""
    method = request.method
    if method in ("POST", "PUT") and not call:
        document = request.get_data(as_text=True)
        name = name or text(document, "Name")
        functions[name] = {
            "comment": text(document, "Comment"),
            "runtime": text(document, "Runtime"),
            "code": base64.b64decode(text(document, "FunctionCode")),
            "live": False,
            "tag": uuid.uuid4().hex[:12].upper(),
        }
        headers = {"ETag": functions[name]["tag"], "Content-Type": "text/xml"}
        return 201 if method == "POST" else 200, headers, summary(name)
    if name not in functions:
        error = "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchFunctionExists</Code></Error></ErrorResponse>"
        return 404, {"Content-Type": "text/xml"}, error
    headers = {"ETag": functions[name]["tag"], "Content-Type": "text/xml"}
    if call == "publish":
        functions[name]["live"] = True
    elif method == "DELETE":
        del functions[name]
        return 204, {}, ""
    elif not call:
        return 200, headers | {"Content-Type": "application/octet-stream"}, functions[name]["code"]
    return 200, headers, summary(name)


cloudfront.url_paths["{0}/2020-05-31/function$"] = function
cloudfront.url_paths["{0}/2020-05-31/function/(?P<name>[^/]+)$"] = function
cloudfront.url_paths["{0}/2020-05-31/function/(?P<name>[^/]+)/(?P<call>[^/]+)$"] = function

if __name__ == "__main__":
    main(sys.argv[1:])
