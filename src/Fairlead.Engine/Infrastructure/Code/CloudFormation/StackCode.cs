using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.CloudFormation;

/// <summary>A graph in the words of CloudFormation.</summary>
internal sealed class StackCode(StackDraft draft) : IResourceMaker
{
    public void Add(Network network) => StackNetwork.Add(draft, network);

    public void Add(Subnet subnet) => StackNetwork.Add(draft, subnet);

    public void Add(Firewall firewall) => StackNetwork.Add(draft, firewall);

    public void Add(Identity identity) => StackAccess.Add(draft, identity);

    public void Add(LogGroup log) => StackAccess.Add(draft, log);

    public void Add(SecretSlot slot) => StackAccess.Add(draft, slot);

    public void Add(Registry registry) => StackContainers.Add(draft, registry);

    public void Add(ContainerPool pool) => StackContainers.Add(draft, pool);

    public void Add(ContainerService service) => StackContainers.Add(draft, service);

    public void Add(Function function) => StackFunctions.Add(draft, function);

    public void Add(MachineGroup group) => StackMachines.Add(draft, group);

    public void Add(Database database) => StackStores.Add(draft, database);

    public void Add(Cache cache) => StackStores.Add(draft, cache);

    public void Add(Bucket bucket) => StackStores.Add(draft, bucket);

    public void Add(Messages queue) => StackStores.Add(draft, queue);

    public void Add(LoadBalancer balancer) => StackTraffic.Add(draft, balancer);

    public void Add(Cdn cdn) => StackCdn.Add(draft, cdn);

    public void Add(Certificate certificate)
    {
        // One for a CDN is made where CloudFront takes it from.
        if (!certificate.IsForCdn || draft.Graph.Place.Region == StackCdn.CertificateRegion)
        {
            StackTraffic.Add(draft, certificate);
        }
    }

    // A zone is there already, and is only referred to.
    public void Add(DnsZone zone) { }

    public void Add(DnsRecord record) => StackTraffic.Add(draft, record);

    public void Add(AlarmTopic topic) => StackAlarms.Add(draft, topic);

    public void Add(Alarm alarm) => StackAlarms.Add(draft, alarm);
}
