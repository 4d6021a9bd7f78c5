using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code;

/// <summary>Makes something of each kind of resource, such as code of a tool: whoever adds a kind is told by the compiler who has to know it.</summary>
internal interface IResourceMaker
{
    void Add(Network network);

    void Add(Subnet subnet);

    void Add(Firewall firewall);

    void Add(Identity identity);

    void Add(LogGroup log);

    void Add(SecretSlot slot);

    void Add(Registry registry);

    void Add(ContainerPool pool);

    void Add(ContainerService service);

    void Add(Function function);

    void Add(MachineGroup group);

    void Add(Database database);

    void Add(Cache cache);

    void Add(Bucket bucket);

    void Add(Messages queue);

    void Add(LoadBalancer balancer);

    void Add(Cdn cdn);

    void Add(Certificate certificate);

    void Add(DnsZone zone);

    void Add(DnsRecord record);

    void Add(AlarmTopic topic);

    void Add(Alarm alarm);
}

/// <summary>The one place that knows all kinds of resources.</summary>
internal static class ResourceMaking
{
    /// <summary>Gives each resource of a graph to a maker, each after those that it needs.</summary>
    /// <param name="begin">Told of each before it is made.</param>
    public static void AddAll(this IResourceMaker maker, ResourceGraph graph, Action<Resource>? begin = null)
    {
        foreach (var one in graph.Resources)
        {
            begin?.Invoke(one);
            Making(maker, one)();
        }
    }

    private static Action Making(IResourceMaker maker, Resource resource) =>
        resource switch
        {
            Network one => () => maker.Add(one),
            Subnet one => () => maker.Add(one),
            Firewall one => () => maker.Add(one),
            Identity one => () => maker.Add(one),
            LogGroup one => () => maker.Add(one),
            SecretSlot one => () => maker.Add(one),
            Registry one => () => maker.Add(one),
            ContainerPool one => () => maker.Add(one),
            ContainerService one => () => maker.Add(one),
            Function one => () => maker.Add(one),
            MachineGroup one => () => maker.Add(one),
            Database one => () => maker.Add(one),
            Cache one => () => maker.Add(one),
            Bucket one => () => maker.Add(one),
            Messages one => () => maker.Add(one),
            LoadBalancer one => () => maker.Add(one),
            Cdn one => () => maker.Add(one),
            Certificate one => () => maker.Add(one),
            DnsZone one => () => maker.Add(one),
            DnsRecord one => () => maker.Add(one),
            AlarmTopic one => () => maker.Add(one),
            Alarm one => () => maker.Add(one),
            _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "is no kind of resource"),
        };
}
