using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>A graph in the words of Azure's resource manager.</summary>
internal sealed class AzureCode : IResourceMaker
{
    private readonly AzureDraft draft;

    private AzureCode(AzureDraft draft) => this.draft = draft;

    public static AzureDraft Of(ResourceGraph graph)
    {
        var made = new AzureDraft(graph);
        AzureLogs.AddShared(made);
        AzureVault.AddShared(made);
        AzureFunctions.AddShared(made);
        new AzureCode(made).AddAll(graph, one => made.Current = one);
        made.Current = null;
        AzureAccess.AddDeployer(made);
        return made;
    }

    public void Add(Network network) => AzureNetwork.Add(draft, network);

    // One of Azure spans all zones, and is made with the network.
    public void Add(Subnet subnet) => AzureNetwork.Explain(draft);

    // Stands before a subnet, and is made with it.
    public void Add(Firewall firewall) => AzureNetwork.Explain(draft);

    public void Add(Identity identity) => AzureAccess.Add(draft, identity);

    public void Add(LogGroup log) => AzureLogs.Add(draft, log);

    public void Add(SecretSlot slot) => AzureVault.Add(draft, slot);

    public void Add(Registry registry) => AzureRegistries.Add(draft, registry);

    public void Add(ContainerPool pool) => AzureContainers.Add(draft, pool);

    public void Add(ContainerService service) => AzureContainers.Add(draft, service);

    public void Add(Function function) => AzureFunctions.Add(draft, function);

    public void Add(MachineGroup group) => AzureMachines.Add(draft, group);

    public void Add(Database database) => AzureDatabases.Add(draft, database);

    public void Add(Cache cache) => AzureCaches.Add(draft, cache);

    public void Add(Bucket bucket) => AzureBuckets.Add(draft, bucket);

    public void Add(Messages queue) => AzureQueues.Add(draft, queue);

    public void Add(LoadBalancer balancer) => AzureTraffic.Add(draft, balancer);

    public void Add(Cdn cdn) => AzureCdn.Add(draft, cdn);

    // Front Door makes one for each host that it answers to.
    public void Add(Certificate certificate) => AzureNames.Add(draft, certificate);

    // There already, and only referred to.
    public void Add(DnsZone zone) { }

    public void Add(DnsRecord record) => AzureNames.Add(draft, record);

    public void Add(AlarmTopic topic) => AzureAlarms.Add(draft, topic);

    public void Add(Alarm alarm) => AzureAlarms.Add(draft, alarm);
}
