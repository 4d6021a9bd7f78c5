using System.Diagnostics;
using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Security;
using Fairlead.Scenarios.Access;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>Pages of a server with many apps.</summary>
public sealed class ManyAppsScenarios
{
    [Theory]
    [InlineData(200, 2)]
    [InlineData(500, 5)]
    public async Task The_overview_of_many_apps_comes_within_a_second_page_by_page(int apps, int pages)
    {
        await using var server = await ServerUnderTest.StartAsync(
            Enumerable.Range(0, apps).Select(static one => new Site($"app-{one:000}", "production"))
        );
        var (html, times) = ("", new List<double>());
        for (var turn = 0; turn < 5; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            (var status, html) = await server.SendAsync(HttpMethod.Get, "/ui/", server.OwnerToken);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            Assert.Equal(HttpStatusCode.OK, status);
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{apps} apps: {times.Min():0} ms, {html.Length / 1024} KiB");
        // The first one is compiled on its way, and others use the same cores.
        Assert.InRange(times.Min(), 0, 1_000);
        Assert.Contains("/ui/apps/app-099/production", html, StringComparison.Ordinal);
        Assert.DoesNotContain("/ui/apps/app-100/production", html, StringComparison.Ordinal);
        Assert.Contains($">{pages}</a>", html, StringComparison.Ordinal);
        var (_, found) = await server.SendAsync(HttpMethod.Get, "/ui/?q=APP-150", server.OwnerToken);
        Assert.Contains("/ui/apps/app-150/production", found, StringComparison.Ordinal);
        Assert.DoesNotContain("/ui/apps/app-099/production", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_only_look_is_offered_nothing_to_do_and_is_not_written_down_as_refused()
    {
        await using var server = await ServerUnderTest.StartAsync([new Site("shop", "production")]);
        var viewer = await server.TokenAsync(PrincipalKind.Service, new("viewer"), TimeSpan.FromDays(1));
        foreach (
            var page in (string[])["/ui/", "/ui/apps/shop/production", "/ui/security", "/ui/settings", "/ui/alerts"]
        )
        {
            var (status, seen) = await server.SendAsync(HttpMethod.Get, page, viewer);
            Assert.Equal((page, HttpStatusCode.OK), (page, status));
            Assert.DoesNotContain("method=\"post\"", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("Secrets, by name", seen, StringComparison.Ordinal);
        }
        var (_, owned) = await server.SendAsync(HttpMethod.Get, "/ui/apps/shop/production", server.OwnerToken);
        Assert.Contains("method=\"post\"", owned, StringComparison.Ordinal);
        var journal = await server.Platform.Engine.Server.Store.ReadJournalAsync(0, null, 1_000, ServerUnderTest.Stop);
        Assert.DoesNotContain(journal, static one => one.Kind.Contains("refus", StringComparison.Ordinal));
    }
}
