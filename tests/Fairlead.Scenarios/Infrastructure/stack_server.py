#!/usr/bin/env python3
"""moto's server, whose CloudFormation also has stand-ins for types that moto 5.2.1 passes over in silence.

moto gives what it passes over no id, so that everything that refers to it fails. A stand-in has an id, an ARN and whatever attribute is
asked for, and does nothing: what it proves is that references lead somewhere.

usage: python stack_server.py -H 127.0.0.1 -p PORT
"""

import sys
import uuid

from moto.acm.models import acm_backends
from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel
from moto.ec2.models import ec2_backends
from moto.ec2.models.route_tables import RouteTable
from moto.server import main

TYPES = [
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::AutoScaling::ScalingPolicy",
    "AWS::CertificateManager::Certificate",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudWatch::Alarm",
    "AWS::ElastiCache::ReplicationGroup",
    "AWS::ElastiCache::SubnetGroup",
    "AWS::Lambda::Alias",
    "AWS::Lambda::Url",
    "AWS::S3::BucketPolicy",
    "AWS::SQS::QueuePolicy",
    "AWS::SecretsManager::Secret",
    "AWS::ServiceDiscovery::HttpNamespace",
]


class StandIn(CloudFormationModel):
    __module__ = "moto.cloudformation.stand_in"
    of = ""

    def __init__(self, account_id, region_name, properties):
        kind = self.of.split("::")[1].lower()
        self.arn = f"arn:aws:{kind}:{region_name}:{account_id}:{uuid.uuid4().hex[:12]}"
        if self.of == "AWS::CertificateManager::Certificate":
            # Load balancers look certificates up.
            self.arn = acm_backends[account_id][region_name].request_certificate(
                properties["DomainName"], None, properties.get("SubjectAlternativeNames", []), []
            )

    @property
    def physical_resource_id(self):
        return self.arn

    @classmethod
    def cloudformation_type(cls):
        return cls.of

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def has_cfn_attr(cls, attr):
        return True

    def get_cfn_attribute(self, attribute_name):
        return self.arn if attribute_name == "Arn" else f"{attribute_name.lower()}.example.com"

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
        return cls(account_id, region_name, cloudformation_json.get("Properties", {}))

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        return original_resource

    def delete(self, account_id, region_name):
        pass

    def is_created(self):
        return True


def stand_ins():
    known = parsing.get_model_map()
    missing = [one for one in TYPES if one not in known]
    return {one: type(one.split("::")[-1], (StandIn,), {"of": one, "__module__": StandIn.__module__}) for one in missing}


def delete_table(self, account_id, region_name):
    ec2_backends[account_id][region_name].route_tables.pop(self.id, None)


# moto leaves tables where they are, and then their network cannot go.
RouteTable.delete = delete_table

for name, model in stand_ins().items():
    parsing.get_model_map()[name] = model
    parsing.get_name_type_map()[name] = ""

if __name__ == "__main__":
    main(sys.argv[1:])
