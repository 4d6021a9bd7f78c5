using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Demo;

/// <summary>Releases that a demo's people brought out before: mostly well, some taken back, better with the weeks.</summary>
internal sealed class DemoDeliveries
{
    private readonly List<Delivery> all = [];

    /// <param name="Service">The one that is another with each release.</param>
    /// <param name="IsGood">It went live.</param>
    public sealed record Delivery(
        Site Site,
        string Service,
        int Release,
        int? Before,
        DateTimeOffset AskedAt,
        DateTimeOffset EndedAt,
        bool IsGood,
        string Who
    )
    {
        /// <summary>It brings an earlier release back: what went live was not well after all.</summary>
        public bool IsReturn { get; init; }

        public string Id =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Site.App[..2]}{Site.Environment[..1]}{(IsReturn ? "b" : "")}{(IsReturn ? Before : Release):d4}"
            );
    }

    public DemoDeliveries(DateTimeOffset now, Random random)
    {
        foreach (var app in DemoApps.All)
        {
            foreach (var environment in app.Environments)
            {
                Plan(app, new Site(app.Name, environment), now, random);
            }
        }
    }

    public IReadOnlyList<Delivery> All => all;

    /// <summary>The last number of each site.</summary>
    public IReadOnlyDictionary<Site, int> Numbers =>
        all.GroupBy(static one => one.Site)
            .ToDictionary(static one => one.Key, static one => one.Max(static each => each.Release));

    /// <summary>The release that was live at a time; null before the first.</summary>
    public int? LiveAt(Site site, DateTimeOffset at) =>
        all.LastOrDefault(one => one.Site == site && one.IsGood && one.EndedAt <= at)?.Release;

    private void Plan(DemoApps.App app, Site site, DateTimeOffset now, Random random)
    {
        // Days between two: whoever brings out often brings out little.
        var every = app.Name switch
        {
            "storefront" => site.Environment == "staging" ? 1.2 : 1.9,
            "payments" => 2.8,
            "search" or "accounts" => 3.6,
            _ => 7.5,
        };
        var (at, number, live) = (now - DemoPast.Reach + TimeSpan.FromHours(random.Next(4, 60)), 0, (int?)null);
        while (at < now - TimeSpan.FromHours(7))
        {
            number++;
            var age = (now - at) / DemoPast.Reach;
            var isGood = live is null || random.NextDouble() > 0.05 + 0.14 * age;
            var took = TimeSpan.FromSeconds(isGood ? random.Next(150, 420) * (1 + age) : random.Next(70, 160));
            all.Add(
                new(
                    site,
                    app.Services[0].Name,
                    number,
                    live,
                    at,
                    at + took,
                    isGood,
                    random.Next(2) == 0 ? "Sam" : "Ida"
                )
            );
            if (isGood && live is { } before && random.NextDouble() < 0.02 + 0.1 * age)
            {
                var noticed = at + took + TimeSpan.FromMinutes(random.Next(12, 90));
                all.Add(
                    new(
                        site,
                        app.Services[0].Name,
                        before,
                        number,
                        noticed,
                        noticed.AddSeconds(random.Next(9, 20)),
                        IsGood: true,
                        "Ida"
                    )
                    {
                        IsReturn = true,
                    }
                );
                at = noticed.AddHours(2);
                continue;
            }
            live = isGood ? number : live;
            at = ToWork(at + TimeSpan.FromDays(every * (0.35 + 1.3 * random.NextDouble()) * (0.8 + 0.5 * age)), random);
        }
        all.Sort(static (left, right) => left.AskedAt.CompareTo(right.AskedAt));
    }

    // Nobody brings anything out on a Saturday, at night, or at the same minute as yesterday.
    private static DateTimeOffset ToWork(DateTimeOffset at, Random random)
    {
        while (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
        {
            at = at.AddDays(1);
        }
        return new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero)
            .AddHours(random.Next(8, 17))
            .AddSeconds(random.Next(3_600));
    }

    public IEnumerable<DemoMoment> Moments(DemoTold told) => all.SelectMany(one => Of(one, told));

    private static IEnumerable<DemoMoment> Of(Delivery one, DemoTold told)
    {
        NewEntry Line(string kind, string text, JsonNode? body = null) => new(one.Site, one.Id, kind, text, body);
        DemoMoment At(DateTimeOffset at, params NewEntry[] lines) => new(at, stop => told.LinesAsync(lines, stop));
        var name = $"{one.Site.App}@{one.Release}";
        var part = new Part(one.Service, one.Release);
        var (built, took) = (one.AskedAt + TimeSpan.FromSeconds(14), one.EndedAt - one.AskedAt);
        if (one.IsReturn)
        {
            yield return At(
                one.AskedAt,
                Line("requested", $"A rollback to release {one.Release} was asked for, by {one.Who} (demo-{one.Who})"),
                Line("began", $"{name} begins")
            );
            yield return At(one.EndedAt, Line("step", $"{new Step.Switch([part])}"), Line("ended", $"{name} is live"));
            yield break;
        }
        yield return At(
            one.AskedAt,
            Line("requested", $"Release {one.Release} was asked for, by {one.Who} (demo-{one.Who})", ByOf(one.Who)),
            Line("began", $"{name} begins")
        );
        yield return At(
            built,
            Line("planned", $"{name}: 6 steps"),
            Line("step", $"{new Step.Place(part, 3)}"),
            Line("step", $"{new Step.Shift(part, 25.Percent)}")
        );
        var requests = 400 + one.Release * 37 % 900;
        if (one.IsGood)
        {
            yield return At(
                one.EndedAt,
                Line(
                    "verdict",
                    $"error-rate < 2%: holds, {0.04 + one.Release % 7 * 0.03:0.##}% of {requests} requests failed"
                ),
                Line("step", $"{new Step.Shift(part, Share.All)}"),
                Line("step", $"{new Step.Promote(one.Release)}"),
                Line("ended", $"{name} is live"),
                Line("measured", $"{requests * 6} requests served, {one.Release % 3} failed, 0 retried, 0 streams cut")
            );
            yield break;
        }
        var failed = 4 + one.Release % 6;
        var reason = $"{part} broke its gate 'error-rate < 2%'. {failed}% of {requests} requests failed.";
        yield return At(
            one.EndedAt - took / 4,
            Line("verdict", $"error-rate < 2%: broken, {failed}% of {requests} requests failed"),
            Line("taking-back", $"{name} is taken back: {reason}")
        );
        yield return At(
            one.EndedAt,
            Line("ended", $"{name} was rolled back: {reason}"),
            Line(
                "measured",
                $"{requests * 3} requests served, {requests * failed / 100} failed, 2 retried, 0 streams cut"
            )
        );
    }

    private static JsonObject ByOf(string who) =>
        new()
        {
            ["by"] = new JsonObject
            {
                ["kind"] = "person",
                ["id"] = $"demo-{who}",
                ["name"] = who,
            },
        };
}
