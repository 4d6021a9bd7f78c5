using System.Globalization;
using CsCheck;
using Fairlead.Engine.Guarding.Network;
using Fairlead.Engine.Manifests;
using Fairlead.Model.Ports;
using Fairlead.Tests.Manifests;

namespace Fairlead.Tests.Guarding.Network;

/// <summary>
/// Random apps: what each format lets through, read by a reader of its own, is exactly what the manifest's lines say, over all pairs
/// of machines and all ports that anybody uses. The oracle is made from the lines, not from the plan.
/// </summary>
public sealed class NetworkPropertyTests
{
    private const string Namespace = "shop-production";
    private static readonly ManifestLoader Loader = new(
        Shop.DetectService,
        Shop.DetectApp,
        _ => new TargetAbilities(FixedPortsOverlap: true, ServesStaticFiles: true)
    );
    private static readonly int[] Ports = [22, 53, 80, 443, 8077, 8080, 9100];
    private static readonly string[] Networks =
    [
        "203.0.113.0/24",
        "198.51.100.7/32",
        "0.0.0.0/0",
        "10.0.0.0/8",
        "169.254.169.254/32",
    ];

    /// <summary>Names of services that could be taken for something else.</summary>
    private static readonly string[] Names = ["edge", "server", "resolver", "operators", "default-deny", "yes"];

    private sealed record Sample(
        int Services,
        int[] Uses,
        int[] Calls,
        (int From, int Network, int Port)[] Hosts,
        int[] Fixed
    );

    private static readonly Gen<Sample> Samples = Gen.Select(
            Gen.Int[1, Names.Length],
            Gen.Int[0, 35].Array[0, 8],
            Gen.Int[0, 35].Array[0, 8],
            Gen.Select(Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 6]).Array[0, 5],
            Gen.Int[0, 9].Array[6]
        )
        .Select((services, uses, calls, hosts, ports) => new Sample(services, uses, calls, hosts, ports));

    [Fact]
    public void Exactly_what_the_manifest_names_passes_in_every_format() =>
        Samples.Sample(sample => Check(sample), iter: 100);

    private static void Check(Sample sample)
    {
        var (manifest, expected) = World(sample);
        var plan = NetworkPlanner.Of(Loader.Load(Shop.Tree(manifest)));
        var machines = Machines(sample.Services);
        string[] lines =
        [
            .. machines
                .Where(one => one.IsMember || one.Name is "edge" or "server" or "resolver")
                .Select(one =>
                    $"{(one.IsMember && one.Name is not ("default-deny" or "yes") ? "services." : "")}{one.Name.Replace("svc:", "", StringComparison.Ordinal)}={one.Address}"
                ),
        ];
        var places = new Places(Namespace, "fairlead").With(lines, plan);
        Compare(NetworkFormat.Kubernetes, Judges.Kubernetes, packet => packet.To.IsMember || packet.From.IsMember);
        Compare(NetworkFormat.Nftables, Judges.Nftables, packet => packet.To.IsMember || packet.From.IsMember);
        Compare(
            NetworkFormat.SecurityGroups,
            Judges.SecurityGroups,
            packet => packet.To.IsMember || packet.From.IsMember
        );
        // A mesh carries TCP alone, and rules over who comes in.
        Compare(NetworkFormat.Istio, Judges.Istio, packet => packet is { To.IsMember: true, Transport: "tcp" });
        Compare(NetworkFormat.Linkerd, Judges.Linkerd, packet => packet is { To.IsMember: true, Transport: "tcp" });

        void Compare(NetworkFormat format, Func<string, Func<Packet, bool>> read, Func<Packet, bool> isConcerned)
        {
            var passes = read(NetworkFormats.Write(plan, format, places).Text);
            foreach (var packet in Packets(machines).Where(isConcerned))
            {
                Assert.True(
                    expected(packet, format) == passes(packet),
                    $"{format}: {packet} {(passes(packet) ? "passes" : "does not pass")}\n{manifest}"
                );
            }
        }
    }

    private static IEnumerable<Packet> Packets(IReadOnlyList<Machine> machines) =>
        from one in machines
        from other in machines
        where one != other
        from port in Ports
        from transport in new[] { "tcp", "udp" }
        select new Packet(one, other, port, transport);

    private static IReadOnlyList<Machine> Machines(int services) =>
        [
            .. Names
                .Take(services)
                .Select(
                    (name, index) =>
                        new Machine(Called(name), $"10.0.1.{index + 1}", Namespace, name)
                        {
                            IsMember = true,
                            Labels = new Dictionary<string, string>
                            {
                                ["app.kubernetes.io/part-of"] = "shop",
                                ["app.kubernetes.io/name"] = name,
                            },
                        }
                ),
            Foreign("edge", "10.0.9.1", "fairlead", "app.kubernetes.io/name", "fairlead-edge", "fairlead-edge"),
            Foreign("server", "10.0.9.2", "fairlead", "app.kubernetes.io/name", "fairlead-server", "fairlead-server"),
            Foreign("resolver", "10.0.9.53", "kube-system", "k8s-app", "kube-dns", ""),
            Foreign("thief", "10.0.8.1", "other", "app.kubernetes.io/name", "fairlead-edge", "fairlead-edge"),
            Foreign("stray", "10.0.8.2", Namespace, "app.kubernetes.io/name", "other", "other"),
            new("internet", "203.0.113.9", "", ""),
            new("partner", "198.51.100.7", "", ""),
            new("metadata", "169.254.169.254", "", ""),
        ];

    private static Machine Foreign(
        string name,
        string address,
        string place,
        string label,
        string value,
        string account
    ) => new(name, address, place, account) { Labels = new Dictionary<string, string> { [label] = value } };

    // Fairlead's own edge and a service called edge are two machines.
    private static string Called(string service) =>
        service is "edge" or "server" or "resolver" or "operators" ? $"svc:{service}" : service;

    private static (string Manifest, Func<Packet, NetworkFormat, bool> Expected) World(Sample sample)
    {
        var lines = new Lines(sample);
        return (lines.Manifest, lines.Allow);
    }

    /// <summary>The lines of a manifest, and what they mean.</summary>
    private sealed class Lines(Sample sample)
    {
        // A service uses only earlier ones, so that there are no circles; it may call any other.
        private readonly HashSet<(int From, int To)> uses =
        [
            .. sample
                .Uses.Select(one => (one / 6, one % 6))
                .Where(one => one.Item1 < sample.Services && one.Item2 < one.Item1),
        ];
        private readonly HashSet<(int From, int To)> calls =
        [
            .. sample
                .Calls.Select(one => (one / 6, one % 6))
                .Where(one => one.Item1 < sample.Services && one.Item2 < sample.Services && one.Item1 != one.Item2),
        ];

        public string Manifest =>
            $"app: shop\nservices:\n{string.Concat(Enumerable.Range(0, sample.Services).Select(TextOf))}";

        public bool Allow(Packet packet, NetworkFormat format) =>
            packet.To.IsMember
                ? packet.Transport == "tcp" && MayEnter(packet, Array.IndexOf(Names, packet.To.Account))
                : packet.From.IsMember && MayLeave(packet, Array.IndexOf(Names, packet.From.Account), format);

        private bool MayEnter(Packet packet, int to)
        {
            var from = packet.From.IsMember ? Array.IndexOf(Names, packet.From.Account) : -1;
            var isAsked =
                packet.From.Name == "edge" || (from >= 0 && (uses.Contains((from, to)) || calls.Contains((from, to))));
            return (isAsked && !IsWorker(to) && packet.Port == PortOf(to))
                || (packet.From.Name == "server" && HasMetrics(to) && packet.Port == 9100);
        }

        private bool MayLeave(Packet packet, int from, NetworkFormat format) =>
            packet is { To.Name: "resolver", Port: 53 }
            || (
                packet.Transport == "tcp"
                && (
                    packet is { To.Name: "server", Port: 8077 }
                    || sample.Hosts.Any(host =>
                        host.From == from
                        && packet.Port == Ports[host.Port]
                        && packet.To.IsWithin(Networks[host.Network])
                        // In the app's own namespace nobody takes anything that is not allowed him.
                        && (packet.To.Name != "stray" || format is not NetworkFormat.Kubernetes)
                        // Credentials of a cloud are reached only where they are named themselves; AWS's groups do not hold that back.
                        && (packet.To.Name != "metadata" || host.Network == 4 || format is NetworkFormat.SecurityGroups)
                    )
                )
            );

        private int PortOf(int service) =>
            sample.Fixed[service] switch
            {
                0 => 443,
                1 => 80,
                _ => 8080,
            };

        private bool IsWorker(int service) => sample.Fixed[service] is 2;

        private bool HasMetrics(int service) => sample.Fixed[service] is 3 or 0;

        private string TextOf(int own) =>
            $"""
                  "{Names[own]}":
                    kind: {(IsWorker(own) ? "worker" : "api")}
                    path: ./api
                    routes: [{(IsWorker(own) ? "" : $"/r{own.ToString(CultureInfo.InvariantCulture)}")}]
                    {(
                    PortOf(own) != 8080 ? $"port: {PortOf(own).ToString(CultureInfo.InvariantCulture)}" : "# any port"
                )}
                    {(HasMetrics(own) ? "metrics: { path: /m, port: 9100 }" : "# no metrics")}
                    uses: [{Called(uses, own)}]
                    network:
                      calls: [{Called(calls, own)}]
                      hosts: [{string.Join(
                    ", ",
                    sample.Hosts.Where(one => one.From == own).Select(one =>
                        $"\"{Networks[one.Network]}:{Ports[one.Port].ToString(CultureInfo.InvariantCulture)}\""
                    )
                )}]

                """;

        private static string Called(HashSet<(int From, int To)> pairs, int own) =>
            string.Join(", ", pairs.Where(one => one.From == own).Select(one => $"\"{Names[one.To]}\""));
    }
}
