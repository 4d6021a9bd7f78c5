using Fairlead.Engine.Guarding.Network;
using Fairlead.Tests.Manifests;

namespace Fairlead.Tests.Guarding.Network;

/// <summary>A shop that has everything a plan can hold.</summary>
internal static class NetworkSample
{
    public const string Manifest = """
        app: shop
        services:
          api:
            uses: [billing]
            metrics: /metrics
            network: { hosts: [api.stripe.com, "10.20.0.0/16:5432", "[2001:db8::/32]:8443", "ntp.example.com:123/udp"] }
          billing:
            metrics: { path: /numbers, port: 9100 }
            network: { calls: [api], hosts: ["0.0.0.0/0:443", "169.254.169.254:80"] }
          legacy: { routes: [/old] }
          mails: { uses: [api, web, legacy], network: { calls: [mails-queue], hosts: ["smtp.example.com:587"] } }
          mails-queue: { kind: worker, path: ./mails }
          web: {}
        environments:
          production: {}
        """;

    public static readonly IReadOnlyList<string> Addresses =
    [
        "api=10.0.1.1,fd00::11",
        "billing=10.0.1.2",
        "legacy=10.0.1.3,10.0.2.3",
        "mails=10.0.1.4",
        "mails-queue=10.0.1.5",
        "edge=10.0.9.1,fd00::91",
        "server=10.0.9.2",
        "resolver=10.0.9.53",
        "operators=10.9.0.0/24",
        "api.stripe.com=192.0.2.10,192.0.2.11",
    ];

    public static NetworkPlan Plan { get; } = NetworkPlanner.Of(Shop.Load(Manifest));

    public static Places Places { get; } = new Places("shop-production", "fairlead").With(Addresses, Plan);
}
