using System.Globalization;
using Fairlead.Drivers.Demo;

namespace Fairlead.Demo;

/// <summary>The apps of a demo, as folders with manifests that anybody could write.</summary>
internal static class DemoApps
{
    /// <param name="Services">By name, with how each replaces the one before.</param>
    /// <param name="Environments">The first one is deployed to first.</param>
    public sealed record App(
        string Name,
        IReadOnlyList<(string Name, string Words)> Services,
        IReadOnlyList<string> Environments,
        string More
    );

    private const string Canary =
        "replicas: 3, deploy: { strategy: canary, shares: [5%, 25%, 50%], hold: 45s, gates: [error-rate < 2%, p95 < 400ms] }";
    private const string Quick =
        "replicas: 2, deploy: { strategy: canary, shares: [20%, 60%], hold: 15s, gates: [error-rate < 2%] }";
    private const string Rolling = "replicas: 2, deploy: rolling";

    public static IReadOnlyList<App> All { get; } =
    [
        new(
            "storefront",
            [("api", Canary), ("web", $"{Rolling}, uses: [api]")],
            ["production", "staging"],
            $$"""
            slo: { availability: 99.9%, latency: p95 < 300ms }
            {{Kept("orders", "12h")}}
            """
        ),
        new("payments", [("gateway", Quick)], ["production"], "slo: { availability: 99.5% }"),
        new("search", [("query", Quick)], ["production"], ""),
        new("accounts", [("sessions", Rolling)], ["production", "staging"], $"slo: {{ availability: 99.9% }}\n{Cloud}"),
        new("blog", [("web", Rolling)], ["production"], ""),
        new("ledger", [("entries", Quick)], ["production"], Kept("books", "24h")),
    ];

    // What it would need of a cloud: written as code and planned, and never done in a demo.
    private const string Cloud = """
        infrastructure:
          cloud: aws
          region: eu-central-1
          databases: { main: postgres }
          buckets: { avatars: { for: [sessions] } }
          queues: { mails: { senders: [sessions] } }
        """;

    private static string Kept(string name, string every) =>
        $$"""
            databases:
              {{name}}: { kind: postgres, url: DATABASE_URL, backup: { every: {{every}}, rpo: 26h, rto: 5m, drillEvery: 1d } }
            """;

    /// <summary>Who must say yes before a release of it goes out.</summary>
    private static bool NeedsApproval(App app, string environment) =>
        app.Name == "ledger" && environment == "production";

    /// <summary>Writes an app's folder as a version of it would be.</summary>
    /// <param name="manner">How what is built of it answers.</param>
    /// <returns>The folder.</returns>
    public static string Write(string root, App app, int version, string manner)
    {
        var folder = Path.Combine(root, app.Name);
        foreach (var (service, _) in app.Services)
        {
            Directory.CreateDirectory(Path.Combine(folder, service));
            // Only the first service is another with each version.
            var (number, how) = service == app.Services[0].Name ? (version, manner) : (1, "");
            File.WriteAllText(
                Path.Combine(folder, service, DemoBuilds.MannerFile),
                string.Create(CultureInfo.InvariantCulture, $"version={number} {how}\n")
            );
        }
        File.WriteAllText(
            Path.Combine(folder, "fairlead.yaml"),
            $"""
            app: {app.Name}
            services:
            {string.Join(
                '\n',
                app.Services.Select(static one =>
                    $"  {one.Name}: {{ kind: api, path: ./{one.Name}, run: './serve {{port}}', health: /healthz, {one.Words} }}"
                )
            )}
            environments:
            {string.Join(
                '\n',
                app.Environments.Select(one =>
                    $"  {one}: {{ target: local, hosts: [{(one == "production" ? "" : $"{one}.")}{app.Name}.example]{(NeedsApproval(app, one) ? ", approvals: 1" : "")} }}"
                )
            )}
            {app.More}

            """
        );
        return folder;
    }
}
