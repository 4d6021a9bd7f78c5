using Fairlead.Engine.Infrastructure.Code.Aws;
using Fairlead.Engine.Infrastructure.Code.Azure;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>What each resource of a graph is at each cloud, for people who have to choose one. Pure.</summary>
internal sealed class CloudComparison : IResourceMaker
{
    private const string NoWriter = " (no writer)";
    private readonly List<CloudRow> rows = [];
    private readonly ResourceGraph graph;

    private CloudComparison(ResourceGraph graph) => this.graph = graph;

    /// <returns>A row for each resource, and what writers for AWS and for Azure note of the same graph.</returns>
    public static (IReadOnlyList<CloudRow> Rows, IReadOnlyList<(string Cloud, CodeNote Note)> Notes) Of(
        ResourceGraph graph
    )
    {
        var comparison = new CloudComparison(graph);
        comparison.AddAll(graph);
        return (
            comparison.rows,
            [
                .. AwsCode.Of(At(graph, CloudKind.Aws)).NotesByResource.Select(static one => ("AWS", one)),
                .. AzureCode.Of(At(graph, CloudKind.Azure)).NotesByResource.Select(static one => ("Azure", one)),
            ]
        );
    }

    private static ResourceGraph At(ResourceGraph graph, CloudKind cloud) =>
        graph.Place.Cloud == cloud ? graph : graph with { Place = new(cloud, RegionOf(cloud)) };

    private static string RegionOf(CloudKind cloud) => Manifests.Resolving.InfrastructureChoice.UsualRegion(cloud);

    private void Row(Resource of, string aws, string azure, string google) =>
        rows.Add(new(of, aws, azure, google + NoWriter));

    public void Add(Network network) => Row(network, "VPC", "virtual network", "VPC network");

    public void Add(Subnet subnet) =>
        Row(subnet, "subnet of one zone", "part of a subnet of all zones", "part of a subnet of all zones");

    public void Add(Firewall firewall) =>
        Row(
            firewall,
            "security group",
            // What only visitors pass is before the network at Azure.
            graph.All<LoadBalancer>().Any(one => one.Firewall == firewall)
                ? "none: Front Door is before the network"
                : "network security group of a subnet",
            "firewall rules by service account"
        );

    public void Add(Identity identity) => Row(identity, "IAM role", "user-assigned identity", "service account");

    public void Add(LogGroup log) =>
        Row(log, "log group of CloudWatch", "Log Analytics workspace", "log bucket of Cloud Logging");

    public void Add(SecretSlot slot) =>
        Row(slot, "secret of Secrets Manager", "secret of Key Vault", "secret of Secret Manager");

    public void Add(Registry registry) =>
        Row(registry, "repository of ECR", "repository of Container Registry", "repository of Artifact Registry");

    public void Add(ContainerPool pool) =>
        Row(pool, "ECS cluster", "Container Apps environment", "none: Cloud Run needs none");

    public void Add(ContainerService service) =>
        Row(service, "ECS service on Fargate", "container app", "Cloud Run service");

    public void Add(Function function) =>
        Row(function, "Lambda function", "function app on Flex Consumption", "Cloud Run function");

    public void Add(MachineGroup group) => Row(group, "autoscaling group", "VM scale set", "managed instance group");

    public void Add(Database database)
    {
        var engine = database.Engine is DatabaseEngine.Postgres ? "PostgreSQL" : "MySQL";
        Row(database, $"RDS for {engine}", $"{engine} flexible server", $"Cloud SQL for {engine}");
    }

    public void Add(Cache cache) => Row(cache, "ElastiCache for Redis", "Azure Managed Redis", "Memorystore for Redis");

    public void Add(Bucket bucket) =>
        Row(bucket, "S3 bucket", "storage account with a blob container", "Cloud Storage bucket");

    public void Add(Messages queue) =>
        Row(queue, "SQS queue", "Service Bus queue", "Pub/Sub topic with a subscription");

    public void Add(LoadBalancer balancer) =>
        Row(
            balancer,
            "application load balancer",
            "Front Door Premium by private links",
            "external application load balancer"
        );

    public void Add(Cdn cdn) => Row(cdn, "CloudFront distribution", "Front Door endpoint", "Cloud CDN");

    public void Add(Certificate certificate) =>
        Row(
            certificate,
            "certificate of ACM",
            "managed certificate of Front Door",
            "certificate of Certificate Manager"
        );

    public void Add(DnsZone zone) => Row(zone, "hosted zone of Route 53", "DNS zone", "managed zone of Cloud DNS");

    public void Add(DnsRecord record) =>
        Row(record, "record of Route 53", "record of Azure DNS", "record of Cloud DNS");

    public void Add(AlarmTopic topic) => Row(topic, "SNS topic", "action group", "notification channel");

    public void Add(Alarm alarm) =>
        Row(
            alarm,
            "alarm of CloudWatch",
            alarm.Kind is AlarmKind.Age ? "none: Service Bus does not measure it" : "metric alert",
            "alerting policy"
        );
}

/// <summary>What one resource is at each cloud.</summary>
internal sealed record CloudRow(Resource Resource, string Aws, string Azure, string Google);
