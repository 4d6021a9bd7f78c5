using System.Globalization;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>
/// Network security groups, one before each subnet. Azure lets everybody in a network reach everybody until somebody says otherwise, so that
/// the last rule of each does.
/// </summary>
internal static class AzureFirewalls
{
    private const int FirstPriority = 100;
    private const int LastPriority = 4096;
    private const int RedisPort = AzureCaches.Port;

    // What Container Apps need of Azure to run at all. Source: learn.microsoft.com, "Securing a virtual network in Azure Container Apps".
    private static readonly (string Tag, string Ports)[] Needed =
    [
        ("MicrosoftContainerRegistry", "443"),
        ("AzureFrontDoor.FirstParty", "443"),
        ("AzureContainerRegistry", "443"),
        ("AzureActiveDirectory", "443"),
        ("AzureKeyVault", "443"),
        ("AzureMonitor", "443"),
        ("Storage", "443"),
        ("ServiceBus", "443"),
        ("ServiceBus", "5671"),
    ];

    public static string NameOf(AzureSubnet subnet) => $"{subnet.Name}-firewall";

    /// <param name="isClosed">Whether programs may only reach Azure itself.</param>
    public static void Add(AzureDraft draft, AzureSubnet subnet, bool isClosed)
    {
        var name = NameOf(subnet);
        var rules = new List<CodeValue>();
        foreach (var one in LetsIn(draft, subnet).DistinctBy(static one => (one.From, one.Ports)))
        {
            rules.Add(Rule(one, FirstPriority + (rules.Count * 10), "Inbound", "Allow"));
        }
        rules.Add(
            Rule(new("others", "VirtualNetwork", "*", "What is not named is kept out"), LastPriority, "Inbound", "Deny")
        );
        if (isClosed && subnet.Name is AzureSubnets.Containers or AzureSubnets.Functions or AzureSubnets.Machines)
        {
            rules.AddRange(
                Needed.Select(
                    static (one, at) =>
                        Rule(
                            new($"{one.Tag}-{one.Ports}", one.Tag, one.Ports, "Without it nothing of it runs"),
                            FirstPriority + (at * 10),
                            "Outbound",
                            "Allow"
                        )
                )
            );
            rules.Add(Rule(new("internet", "Internet", "*", "There is no way out"), LastPriority, "Outbound", "Deny"));
        }
        draft.Add(
            AzureParts.Network,
            AzureTypes.Firewall,
            name,
            [.. Head(draft.Called(name, 80)), ("properties", Map(("securityRules", new Items(rules))))]
        );
    }

    private static IEnumerable<Way> LetsIn(AzureDraft draft, AzureSubnet subnet)
    {
        if (subnet.Name is not AzureSubnets.Endpoints and not AzureSubnets.Machines)
        {
            yield return new("itself", subnet.Range, "*", "What stands in it talks among itself");
        }
        if (subnet.Name == AzureSubnets.Containers)
        {
            yield return new(
                "probes",
                "AzureLoadBalancer",
                "30000-32767",
                "Azure looks whether the environment is well"
            );
        }
        if (subnet.Name == AzureSubnets.Endpoints)
        {
            foreach (var range in Programs(draft))
            {
                yield return new("files", range, "443", "Programs use files");
            }
        }
        foreach (var firewall in subnet.Firewalls)
        {
            foreach (var rule in firewall.LetsIn)
            {
                foreach (var way in Ways(draft, (subnet, firewall), rule))
                {
                    yield return way;
                }
            }
        }
    }

    private static IEnumerable<Way> Ways(AzureDraft draft, (AzureSubnet Subnet, Firewall Of) at, FirewallRule rule)
    {
        // Visitors come by Front Door, which comes by a private link.
        if (rule.Range is not null)
        {
            return [];
        }
        // Containers talk within their environment, and functions are asked by their own address.
        if (at.Subnet.Name is AzureSubnets.Containers or AzureSubnets.Functions)
        {
            return [];
        }
        var ports = at.Subnet.Name == AzureSubnets.Endpoints ? Text(RedisPort) : Text(rule.Port);
        return draft
            .Subnets.RangesOf(rule.IsAmongThemselves ? at.Of : rule.Peer)
            .Select(range => new Way(rule.Why, range, ports, rule.Why) { Protocol = rule.Protocol });
    }

    private static IEnumerable<string> Programs(AzureDraft draft) =>
        draft
            .Subnets.All.Where(static one =>
                one.Name is AzureSubnets.Containers or AzureSubnets.Functions or AzureSubnets.Machines
            )
            .Select(static one => one.Range);

    private static CodeValue Rule(Way way, int priority, string direction, string access)
    {
        var isOut = direction == "Outbound";
        return Map(
            (
                "name",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{direction.ToLowerInvariant()}-{Slug(way.Name)}-{priority}"
                )
            ),
            (
                "properties",
                Map(
                    ("description", way.Why),
                    ("priority", priority),
                    ("direction", direction),
                    ("access", access),
                    (
                        "protocol",
                        way.Ports == "*" ? "*"
                        : way.Protocol is FirewallProtocol.Udp ? "Udp"
                        : "Tcp"
                    ),
                    ("sourceAddressPrefix", isOut ? "*" : way.From),
                    ("sourcePortRange", "*"),
                    ("destinationAddressPrefix", isOut ? way.From : "*"),
                    ("destinationPortRange", way.Ports)
                )
            )
        );
    }

    private static string Slug(string text) =>
        string.Concat(text.ToLowerInvariant().Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'))
            .Replace("--", "-", StringComparison.Ordinal)
            .Trim('-');

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <param name="From">Or, on the way out, to where: a range or one of Azure's own words.</param>
    private sealed record Way(string Name, string From, string Ports, string Why)
    {
        public FirewallProtocol Protocol { get; init; }
    }
}
