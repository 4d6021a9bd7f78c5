using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>
/// Whatever a form can be sent for is found on some page of a demo and done from there, in a browser. It has a demo of its own: what is done
/// in it would be missing elsewhere.
/// </summary>
public sealed class EveryActScenarios(DemoUnderTest demo) : IClassFixture<DemoUnderTest>
{
    // What ends something comes after all that wants it to be under way.
    private static readonly string[] First =
    [
        "hold",
        "resume",
        "silence.add",
        "silence.remove",
        "incident.acknowledge",
    ];
    private static readonly string[] Last = ["incident.resolve", "promote", "abort", "reject", "rollback"];

    // Nothing real can go wrong in a demo, and it says so.
    private static readonly string[] Refused = ["drill.run on /ui/drills: There are no drills in a demo."];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_act_is_done_from_a_page_that_offers_it()
    {
        await using var browser = await demo.BrowserAsync();
        await PrepareAsync(browser);
        var (done, wrong) = (new Dictionary<string, string>(StringComparer.Ordinal), new List<string>());
        var (first, isFiring, isAsked) = (await demo.FirstAsync("accounts"), false, false);
        var until = DateTimeOffset.UtcNow + Patience;
        while (AllActs.Names.Except(done.Keys).Any() && DateTimeOffset.UtcNow < until)
        {
            foreach (var page in await PagesAsync())
            {
                while (await NextAsync(browser, page, done.Keys) is { } operation)
                {
                    var said = await DoAsync(browser, operation);
                    done[operation] = $"{page}: {said}";
                    if (!said.StartsWith("did ", StringComparison.Ordinal))
                    {
                        wrong.Add($"{operation} on {page}: {said}");
                    }
                }
            }
            if (!isFiring && await LiveAsync("accounts") > first)
            {
                isFiring = true;
                await AlertAsync();
            }
            if (!isAsked && done.ContainsKey("rollback"))
            {
                // One more that waits for a yes.
                isAsked = true;
                await DeployAsync("ledger", "entries");
            }
        }
        foreach (var (operation, how) in done.OrderBy(static one => one.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper!.WriteLine($"{operation, -22} {how}");
        }
        Assert.Equal(Refused, wrong);
        Assert.Empty(AllActs.Names.Except(done.Keys));
    }

    // What a demo does not have by itself: a second hand-off and a third plan to say no to, a newer release of accounts, and a proof of who acts.
    private async Task PrepareAsync(Chromium browser)
    {
        await demo.Platform.AskAsync(
            "handoff",
            "submit",
            "--file",
            await FileAsync(
                "handoff.yaml",
                """
                kind: quality-gate
                version: 1
                app: search
                environment: production
                title: Searching stays quick
                owner: quality
                body: { phase: shift, service: query, gate: 'error-rate < 1%' }
                """
            )
        );
        await demo.Platform.AskAsync([
            "agent",
            "plan",
            "scale",
            "--app",
            "blog",
            "--environment",
            "production",
            "--set",
            "web.replicas=3",
        ]);
        await DeployAsync("accounts", "sessions");
        await browser.OpenAsync($"{demo.Address}/account?to=/ui/agents", Stop);
        await browser.RunAsync("document.getElementById('own').value = 'a rope of amber and blue'", Stop);
        await browser.RunAsync("setTimeout(() => document.querySelector('#prove-password button').click())", Stop);
        await EdgeUnderTest.UntilAsync(() => IsAsync(browser, "location.pathname === '/ui/agents'"));
    }

    // An alert opens an incident, whose suspect is the release of accounts that went live just before.
    private async Task AlertAsync() =>
        await demo.Platform.AskAsync(
            "rule",
            "set",
            "acts",
            "--file",
            await FileAsync(
                "rules.yaml",
                """
                groups:
                  - name: acts
                    interval: 2s
                    rules:
                      - { alert: Tried, expr: vector(1), labels: { severity: page, app: accounts, environment: production } }
                """
            )
        );

    private Task DeployAsync(string app, string service) =>
        demo.Platform.RunAsync(
            "deploy",
            Path.Combine(demo.Platform.State, "demo", "apps", app),
            "--set",
            $"{service}.env.TURN=another",
            "--detach"
        );

    private async Task<int> LiveAsync(string app) =>
        (int?)(await demo.Platform.AskAsync("status", app, "--environment", "production"))["apps"]![0]!["live"] ?? 0;

    private async Task<string> FileAsync(string name, string text)
    {
        var file = Path.Combine(demo.Platform.State, "..", name);
        await File.WriteAllTextAsync(file, text, Stop);
        return file;
    }

    private async Task<IReadOnlyList<string>> PagesAsync()
    {
        async Task<IEnumerable<string>> Of(string list, string id, string address, params string[] words) =>
            (await demo.Platform.AskAsync(words))[list]!.AsArray().Select(one => $"{address}{one![id]}");
        var apps = (await demo.Platform.AskAsync("status"))["apps"]!.AsArray();
        return
        [
            // The release of accounts is let go live, however long that takes: it is the suspect later.
            .. apps.Where(static one => (string?)one!["app"] != "accounts")
                .Select(static one => one!["deployment"])
                .Where(static one => one is not null && !(bool)one["isOver"]!)
                .Select(static one => $"/ui/deployments/{one!["id"]}"),
            .. (await Of("incidents", "incident", "/ui/incidents/", "incident", "list", "--all")).Take(2),
            "/ui/incidents",
            "/ui/alerts",
            .. (await Of("errors", "id", "/ui/errors/", "error", "list")).Take(2),
            .. (await Of("errors", "id", "/ui/errors/", "error", "list", "--status", "resolved")).Take(1),
            .. (await Of("monitors", "monitor", "/ui/monitor?name=", "monitor", "list")).Take(1),
            .. await Of("plans", "plan", "/ui/plans/", "agent", "plans"),
            .. await Of("handoffs", "handoff", "/ui/handoffs/", "handoff", "list"),
            "/ui/agents",
            "/ui/approvals",
            "/ui/data",
            "/ui/drills",
            "/ui/apps/search/production",
        ];
    }

    // The form of the page that is wanted next; null when it has none that is new.
    private async Task<string?> NextAsync(Chromium browser, string page, IEnumerable<string> done)
    {
        await browser.OpenAsync(demo.Address + page, Stop);
        var offered = await browser.RunAsync(
            "[...document.querySelectorAll('form[action=\"/ui/act\"] [name=operation]')].map((one) => one.value).join()",
            Stop
        );
        return offered
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .Except(done)
            .OrderBy(static one =>
                Array.IndexOf(First, one) is >= 0 and var at ? at - First.Length : Array.IndexOf(Last, one) + 1
            )
            .FirstOrDefault();
    }

    private static async Task<string> DoAsync(Chromium browser, string operation)
    {
        await browser.RunAsync(
            $$"""
            (() => {
              const known = { 'in.for': '1h', 'in.reason': 'it was tried' };
              const form = [...document.querySelectorAll('form[action="/ui/act"]')].find((one) => one.operation.value === '{{operation}}');
              form.closest('details').open = true;
              const box = document.querySelector(`input[name=pick][form="${form.id}"]`);
              if (box) box.checked = true;
              for (const one of form.querySelectorAll('input:not([type=hidden])')) {
                if (one.name === 'confirm') one.value = form.querySelector('[name=confirms]').value;
                else if (one.name in known) one.value = known[one.name];
                else if (!one.value && one.required) one.value = 'because it was tried';
              }
              document.body.dataset.before = 'yes';
              setTimeout(() => form.querySelector('button').click());
            })()
            """,
            Stop
        );
        await EdgeUnderTest.UntilAsync(() => IsAsync(browser, "document.body && !document.body.dataset.before"));
        return await browser.RunAsync(
            """
            new URLSearchParams(location.search).has('did') ? `did ${document.querySelector('.told span')?.textContent ?? ''}`
              : document.querySelector('.problem p')?.textContent ?? document.querySelector('h1').textContent
            """,
            Stop
        );
    }

    private static async Task<bool> IsAsync(Chromium browser, string isSo)
    {
        try
        {
            return await browser.RunAsync($"{isSo} && document.readyState === 'complete' ? 'yes' : 'no'", Stop)
                == "yes";
        }
        catch (InvalidOperationException)
        {
            return false; // It is between two pages.
        }
    }
}
