using System.Diagnostics;
using System.Globalization;
using Fairlead.Drivers.State;
using Fairlead.Engine.Guarding.Network;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Detecting;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Collecting;

namespace Fairlead.Scenarios.Network;

/// <summary>
/// A router and machines behind it, each a network namespace of Linux, with the real nftables between them: what the manifest names
/// passes, and nothing else does.
/// </summary>
public sealed class NftablesScenarios : IAsyncDisposable
{
    private const string Manifest = """
        app: shop
        services:
          api: { kind: api, run: ./api, uses: [billing], metrics: { path: /metrics, port: 9100 } }
          billing: { kind: api, run: ./billing, network: { calls: [api] } }
          mails: { kind: worker, run: ./mails, uses: [api] }
        """;

    private static readonly string[] Machines = ["api", "billing", "mails", "edge", "server", "stranger"];
    private static readonly int[] Ports = [8080, 9100];

    private static readonly string[] Allowed =
    [
        "api -> billing 8080",
        "billing -> api 8080",
        "edge -> api 8080",
        "edge -> billing 8080",
        "mails -> api 8080",
        "server -> api 9100",
    ];

    private readonly string prefix = string.Create(
        CultureInfo.InvariantCulture,
        $"fl{Environment.ProcessId % 100_000}"
    );
    private readonly List<Process> listeners = [];
    private readonly string folder = RealPeer.NewFolder();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nftables_lets_through_what_the_manifest_names_and_nothing_else()
    {
        var (nft, ip) = (RealPeer.Find("nft", "nftables"), RealPeer.Find("ip", "iproute2"));
        var python = RealPeer.Find("python3", "python3");
        await BuildAsync(ip);
        foreach (var machine in Machines)
        {
            listeners.Add(await ListenAsync(ip, python, machine));
        }
        // Without a policy everybody reaches everybody; what is refused later is refused by the policy.
        Assert.Equal(Pairs(), await ReachedAsync(ip, python));

        var rules = Path.Combine(folder, "shop.nft");
        await File.WriteAllTextAsync(rules, Rules(), Stop);
        await RealPeer.RunAsync(nft, ["-c", "-f", rules]);
        await RealPeer.RunAsync(ip, ["netns", "exec", $"{prefix}router", nft, "-f", rules]);
        // A second time it replaces what is there.
        await RealPeer.RunAsync(ip, ["netns", "exec", $"{prefix}router", nft, "-f", rules]);
        Assert.Equal([.. Allowed, .. Pairs().Where(pair => !IsMembers(pair))], await ReachedAsync(ip, python));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var listener in listeners)
        {
            listener.Kill(entireProcessTree: true);
            await listener.WaitForExitAsync(CancellationToken.None);
            listener.Dispose();
        }
        foreach (var name in Machines.Append("router").Where(name => File.Exists($"/run/netns/{prefix}{name}")))
        {
            await RealPeer.RunAsync(RealPeer.Find("ip", "iproute2"), ["netns", "delete", prefix + name]);
        }
        Directory.Delete(folder, recursive: true);
    }

    // Who is no service of the app is none of the table's business.
    private static bool IsMembers(string pair) =>
        pair.Split(' ') is [var from, _, var to, _] && (IsMember(from) || IsMember(to));

    private static bool IsMember(string machine) => machine is "api" or "billing" or "mails";

    private static IReadOnlyList<string> Pairs() =>
        [
            .. from one in Machines
            from other in Machines
            where one != other
            from port in Ports
            select string.Create(CultureInfo.InvariantCulture, $"{one} -> {other} {port}"),
        ];

    private static string AddressOf(string machine) =>
        string.Create(CultureInfo.InvariantCulture, $"10.77.0.{Array.IndexOf(Machines, machine) + 1}");

    private string Rules()
    {
        File.WriteAllText(Path.Combine(folder, ManifestFile.Name), Manifest);
        var loader = new ManifestLoader(
            Detection.DetectService,
            Detection.DetectApp,
            _ => new TargetAbilities(FixedPortsOverlap: false, ServesStaticFiles: true)
        );
        var plan = NetworkPlanner.Of(loader.Load(FolderTree.Open(folder)));
        string[] addresses =
        [
            .. Machines.Where(machine => machine != "stranger").Select(machine => $"{machine}={AddressOf(machine)}"),
        ];
        return NetworkFormats.Write(plan, NetworkFormat.Nftables, new Places("a", "b").With(addresses, plan)).Text;
    }

    /// <summary>Each machine has a cable of its own to the router, so that all passes there.</summary>
    private async Task BuildAsync(string ip)
    {
        var router = $"{prefix}router";
        Assert.SkipUnless(Environment.UserName == "root", "network namespaces are made by root alone");
        await RealPeer.RunAsync(ip, ["netns", "add", router]);
        foreach (var (index, machine) in Machines.Index())
        {
            var (place, cable) = (prefix + machine, string.Create(CultureInfo.InvariantCulture, $"{prefix}v{index}"));
            string[][] steps =
            [
                ["netns", "add", place],
                ["link", "add", cable, "netns", router, "type", "veth", "peer", "name", "eth0", "netns", place],
                ["-n", router, "addr", "add", "10.77.255.1/32", "dev", cable],
                ["-n", router, "link", "set", cable, "up"],
                ["-n", router, "route", "add", AddressOf(machine), "dev", cable],
                ["-n", place, "addr", "add", $"{AddressOf(machine)}/32", "dev", "eth0"],
                ["-n", place, "link", "set", "eth0", "up"],
                ["-n", place, "route", "add", "10.77.255.1", "dev", "eth0"],
                ["-n", place, "route", "add", "default", "via", "10.77.255.1"],
            ];
            foreach (var step in steps)
            {
                await RealPeer.RunAsync(ip, step);
            }
        }
        await RealPeer.RunAsync(ip, ["netns", "exec", router, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1"]);
    }

    private async Task<Process> ListenAsync(string ip, string python, string machine)
    {
        const string script = """
            import socket, sys, time
            held = [socket.create_server(("", int(port)), backlog=64) for port in sys.argv[1:]]
            print("ready", flush=True)
            time.sleep(600)
            """;
        var start = new ProcessStartInfo(
            ip,
            ["netns", "exec", prefix + machine, python, "-c", script, .. Ports.Select(Text)]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Stop));
        return process;
    }

    /// <summary>All pairs that get through, the services' own first where they are allowed.</summary>
    private async Task<IReadOnlyList<string>> ReachedAsync(string ip, string python)
    {
        const string script = """
            import socket, sys
            from concurrent.futures import ThreadPoolExecutor
            def reaches(place):
                host, port = place.split(":")
                try:
                    socket.create_connection((host, int(port)), 3).close()
                    return place
                except OSError:
                    return ""
            with ThreadPoolExecutor(32) as pool:
                print(" ".join(filter(None, pool.map(reaches, sys.argv[1:]))))
            """;
        List<string> reached = [];
        foreach (var machine in Machines)
        {
            var others = Machines.Where(other => other != machine).ToList();
            var start = new ProcessStartInfo(
                ip,
                [
                    "netns",
                    "exec",
                    prefix + machine,
                    python,
                    "-c",
                    script,
                    .. others.SelectMany(other => Ports.Select(port => $"{AddressOf(other)}:{Text(port)}")),
                ]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var said = await process.StandardOutput.ReadToEndAsync(Stop);
            await process.WaitForExitAsync(Stop);
            reached.AddRange(
                said.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
                    .Select(place => place.Split(':'))
                    .Select(place => $"{machine} -> {others.Single(other => AddressOf(other) == place[0])} {place[1]}")
            );
        }
        var isAll = reached.Count == Pairs().Count;
        return isAll
            ? reached
            : [.. reached.Where(IsMembers).Order(StringComparer.Ordinal), .. reached.Where(pair => !IsMembers(pair))];
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
