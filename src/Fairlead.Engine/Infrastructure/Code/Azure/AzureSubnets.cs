using System.Globalization;
using System.Net;
using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>
/// Which subnets a graph needs at Azure. One there spans all zones, and much of what stands in one wants it for itself, so that there is
/// one for each kind of thing and not one for each zone.
/// </summary>
internal sealed class AzureSubnets
{
    public const string Containers = "containers";
    public const string Functions = "functions";
    public const string Machines = "machines";
    public const string Doors = "doors";
    public const string Postgres = "postgres";
    public const string Mysql = "mysql";
    public const string Endpoints = "endpoints";

    private readonly List<AzureSubnet> all = [];

    public AzureSubnets(ResourceGraph graph)
    {
        if (graph.All<Network>().FirstOrDefault() is not { } network)
        {
            return;
        }
        var functions = graph.All<Function>().Where(static one => one.Workload.Subnets.Count > 0).ToList();
        var groups = graph.All<MachineGroup>().ToList();
        Add(
            network,
            Containers,
            "0.0/23",
            [.. graph.All<ContainerService>().Select(static one => one.Workload.Firewall)]
        );
        Add(network, Functions, "4.0/24", [.. functions.Select(static one => one.Workload.Firewall)]);
        Add(network, Machines, "8.0/22", [.. groups.Select(static one => one.Workload.Firewall)]);
        Add(
            network,
            Doors,
            "16.0/26",
            [
                .. graph
                    .All<LoadBalancer>()
                    .Where(one => one.Routes.Any(static route => route.ToMachines))
                    .Select(static one => one.Firewall),
            ]
        );
        foreach (var (name, range, engine) in Databases)
        {
            Add(
                network,
                name,
                range,
                [.. graph.All<Database>().Where(one => one.Engine == engine).Select(static one => one.Firewall)]
            );
        }
        var caches = graph.All<Cache>().Select(static one => one.Firewall).ToList<Firewall?>();
        var buckets = Inside(graph).Select(static _ => (Firewall?)null);
        Add(network, Endpoints, "18.0/24", [.. caches, .. buckets]);
    }

    /// <summary>Buckets that only programs of a network use.</summary>
    public static IEnumerable<Bucket> Inside(ResourceGraph graph) =>
        graph.All<Network>().Any() ? graph.All<Bucket>().Except(graph.All<Cdn>().Select(static one => one.Bucket)) : [];

    private static (string Name, string Range, DatabaseEngine Engine)[] Databases =>
        [(Postgres, "17.0/26", DatabaseEngine.Postgres), (Mysql, "17.64/26", DatabaseEngine.Mysql)];

    public IReadOnlyList<AzureSubnet> All => all;

    /// <summary>Ranges of the subnets in which something has a firewall.</summary>
    public IReadOnlyList<string> RangesOf(Firewall? firewall) =>
        [.. all.Where(one => firewall is not null && one.Firewalls.Contains(firewall)).Select(static one => one.Range)];

    private void Add(Network network, string name, string end, IReadOnlyList<Firewall?> firewalls)
    {
        if (firewalls.Count > 0)
        {
            var range = IPNetwork.Parse(network.Range).BaseAddress.GetAddressBytes();
            all.Add(
                new(
                    name,
                    string.Create(CultureInfo.InvariantCulture, $"{range[0]}.{range[1]}.{end}"),
                    [.. firewalls.OfType<Firewall>().Distinct()]
                )
            );
        }
    }
}

/// <summary>A subnet of Azure.</summary>
/// <param name="Range">Such as <c>10.0.0.0/23</c>.</param>
/// <param name="Firewalls">Those of what stands in it.</param>
internal sealed record AzureSubnet(string Name, string Range, IReadOnlyList<Firewall> Firewalls);
