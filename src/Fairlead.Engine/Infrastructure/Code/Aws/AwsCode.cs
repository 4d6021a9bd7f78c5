using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>A graph in the words of the <c>aws</c> provider.</summary>
internal sealed class AwsCode : IResourceMaker
{
    private readonly AwsDraft draft;

    private AwsCode(AwsDraft draft) => this.draft = draft;

    public static AwsDraft Of(ResourceGraph graph)
    {
        var made = new AwsDraft(graph);
        foreach (
            var (type, attribute) in (IEnumerable<(string, string)>)
                [("aws_region", "name"), ("aws_caller_identity", "account_id"), ("aws_partition", "partition")]
        )
        {
            made.Look(new(type, "here", []) { Part = "main" }, attribute);
        }
        new AwsCode(made).AddAll(graph, one => made.Current = one);
        made.Current = null;
        AwsNetwork.AddEndpoints(made);
        return made;
    }

    public void Add(Network network) => AwsNetwork.Add(draft, network);

    public void Add(Subnet subnet) => AwsNetwork.Add(draft, subnet);

    public void Add(Firewall firewall) => AwsNetwork.Add(draft, firewall);

    public void Add(Identity identity) => AwsAccess.Add(draft, identity);

    public void Add(LogGroup log) => AwsAccess.Add(draft, log);

    public void Add(SecretSlot slot) => AwsAccess.Add(draft, slot);

    public void Add(Registry registry) => AwsContainers.Add(draft, registry);

    public void Add(ContainerPool pool) => AwsContainers.Add(draft, pool);

    public void Add(ContainerService service) => AwsContainers.Add(draft, service);

    public void Add(Function function) => AwsFunctions.Add(draft, function);

    public void Add(MachineGroup group) => AwsMachines.Add(draft, group);

    public void Add(Database database) => AwsStores.Add(draft, database);

    public void Add(Cache cache) => AwsStores.Add(draft, cache);

    public void Add(Bucket bucket) => AwsBuckets.Add(draft, bucket);

    public void Add(Messages queue) => AwsStores.Add(draft, queue);

    public void Add(LoadBalancer balancer) => AwsTraffic.Add(draft, balancer);

    public void Add(Cdn cdn) => AwsCdn.Add(draft, cdn);

    public void Add(Certificate certificate) => AwsNames.Add(draft, certificate);

    // A zone is there already, and is only looked up.
    public void Add(DnsZone zone) { }

    public void Add(DnsRecord record) => AwsNames.Add(draft, record);

    public void Add(AlarmTopic topic) => AwsAlarms.Add(draft, topic);

    public void Add(Alarm alarm) => AwsAlarms.Add(draft, alarm);
}
