using Fairlead.Engine.Infrastructure.Code;

namespace Fairlead.Tests.Infrastructure;

public sealed class CloudComparisonTests
{
    [Fact]
    public void The_same_manifest_is_told_for_each_cloud() =>
        Assert.Equal(
            """
            network network: VPC | virtual network | VPC network (no writer)
            subnet public-a: subnet of one zone | part of a subnet of all zones | part of a subnet of all zones (no writer)
            subnet public-b: subnet of one zone | part of a subnet of all zones | part of a subnet of all zones (no writer)
            subnet private-a: subnet of one zone | part of a subnet of all zones | part of a subnet of all zones (no writer)
            subnet private-b: subnet of one zone | part of a subnet of all zones | part of a subnet of all zones (no writer)
            firewall load-balancer-firewall: security group | none: Front Door is before the network | firewall rules by service account (no writer)
            load balancer load-balancer: application load balancer | Front Door Premium by private links | external application load balancer (no writer)
            bucket web-files: S3 bucket | storage account with a blob container | Cloud Storage bucket (no writer)
            CDN web-cdn: CloudFront distribution | Front Door endpoint | Cloud CDN (no writer)
            container pool containers: ECS cluster | Container Apps environment | none: Cloud Run needs none (no writer)
            registry api-images: repository of ECR | repository of Container Registry | repository of Artifact Registry (no writer)
            log group api-log: log group of CloudWatch | Log Analytics workspace | log bucket of Cloud Logging (no writer)
            identity api-starter: IAM role | user-assigned identity | service account (no writer)
            identity api-identity: IAM role | user-assigned identity | service account (no writer)
            firewall programs-firewall: security group | network security group of a subnet | firewall rules by service account (no writer)
            container service api: ECS service on Fargate | container app | Cloud Run service (no writer)
            registry worker-images: repository of ECR | repository of Container Registry | repository of Artifact Registry (no writer)
            log group worker-log: log group of CloudWatch | Log Analytics workspace | log bucket of Cloud Logging (no writer)
            identity worker-starter: IAM role | user-assigned identity | service account (no writer)
            identity worker-identity: IAM role | user-assigned identity | service account (no writer)
            container service worker: ECS service on Fargate | container app | Cloud Run service (no writer)
            """,
            string.Join(
                '\n',
                CloudComparison
                    .Of(CloudApps.Graph(CloudApps.Manifest("storefront")))
                    .Rows.Select(static one => $"{one.Resource}: {one.Aws} | {one.Azure} | {one.Google}")
            )
        );

    [Fact]
    public void What_differs_is_what_writers_note_by_cloud_and_resource()
    {
        var (_, notes) = CloudComparison.Of(CloudApps.Graph(CloudApps.Manifest("everything")));

        Assert.Contains(
            (
                "Azure",
                new CodeNote(
                    "orders-queue-age",
                    "Service Bus does not measure how long the oldest message waits, so that there is no alarm orders-queue-age: orders-queue tells of messages that were put aside, and of those alone."
                )
            ),
            notes
        );
        Assert.Contains(notes, static one => one is { Cloud: "AWS", Note.Resource: "api" });
    }

    [Fact]
    public void It_is_the_same_whichever_cloud_the_manifest_names() =>
        Assert.Equal(
            CloudComparison.Of(CloudApps.Graph(CloudApps.Manifest("everything"))).Rows.Select(static one => $"{one}"),
            CloudComparison.Of(CloudApps.Graph(CloudApps.OnAzure("everything"))).Rows.Select(static one => $"{one}")
        );
}
