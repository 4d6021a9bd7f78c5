using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>A graph in the words of the <c>aws</c> provider.</summary>
internal static class AwsCode
{
    public static AwsDraft Of(ResourceGraph graph)
    {
        var draft = new AwsDraft(graph);
        foreach (
            var (type, attribute) in (IEnumerable<(string, string)>)
                [("aws_region", "name"), ("aws_caller_identity", "account_id"), ("aws_partition", "partition")]
        )
        {
            draft.Look(new(type, "here", []) { Part = "main" }, attribute);
        }
        foreach (var one in graph.Resources)
        {
            Add(draft, one);
        }
        AwsNetwork.AddEndpoints(draft);
        return draft;
    }

    private static void Add(AwsDraft draft, Resource resource)
    {
        switch (resource)
        {
            case Network network:
                AwsNetwork.Add(draft, network);
                break;
            case Subnet subnet:
                AwsNetwork.Add(draft, subnet);
                break;
            case Firewall firewall:
                AwsNetwork.Add(draft, firewall);
                break;
            case Identity identity:
                AwsAccess.Add(draft, identity);
                break;
            case LogGroup log:
                AwsAccess.Add(draft, log);
                break;
            case SecretSlot slot:
                AwsAccess.Add(draft, slot);
                break;
            case AlarmTopic topic:
                AwsAlarms.Add(draft, topic);
                break;
            case Alarm alarm:
                AwsAlarms.Add(draft, alarm);
                break;
            case Registry or ContainerPool or ContainerService or Function or MachineGroup:
                AddProgram(draft, resource);
                break;
            case Database or Cache or Bucket or Messages:
                AddData(draft, resource);
                break;
            default:
                AddTraffic(draft, resource);
                break;
        }
    }

    private static void AddProgram(AwsDraft draft, Resource resource)
    {
        switch (resource)
        {
            case Registry registry:
                AwsContainers.Add(draft, registry);
                break;
            case ContainerPool pool:
                AwsContainers.Add(draft, pool);
                break;
            case ContainerService service:
                AwsContainers.Add(draft, service);
                break;
            case Function function:
                AwsFunctions.Add(draft, function);
                break;
            case MachineGroup group:
                AwsMachines.Add(draft, group);
                break;
        }
    }

    private static void AddData(AwsDraft draft, Resource resource)
    {
        switch (resource)
        {
            case Database database:
                AwsStores.Add(draft, database);
                break;
            case Cache cache:
                AwsStores.Add(draft, cache);
                break;
            case Messages queue:
                AwsStores.Add(draft, queue);
                break;
            case Bucket bucket:
                AwsBuckets.Add(draft, bucket);
                break;
        }
    }

    private static void AddTraffic(AwsDraft draft, Resource resource)
    {
        switch (resource)
        {
            case LoadBalancer balancer:
                AwsTraffic.Add(draft, balancer);
                break;
            case Cdn cdn:
                AwsCdn.Add(draft, cdn);
                break;
            case Certificate certificate:
                AwsNames.Add(draft, certificate);
                break;
            case DnsRecord record:
                AwsNames.Add(draft, record);
                break;
            // A zone is there already, and is only looked up.
            case DnsZone:
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(resource), resource, "is not known to AWS here");
        }
    }
}
