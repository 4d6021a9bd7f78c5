using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Roles.Edge;
using Microsoft.AspNetCore.Http;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Tests.Edge;

public sealed class StickyTests
{
    private const int Users = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public void A_share_of_users_is_kept_within_three_sigma(int percent)
    {
        var service = Service(new() { Sticky = new(StickyBy.Header, "X-User") }, percent);
        var share = percent / 100.0;
        var sigma = Math.Sqrt(Users * share * (1 - share));
        Assert.InRange(
            Enumerable.Range(0, Users).Count(user => Since(service, ("X-User", $"{user}")) == 42),
            (Users * share) - (3 * sigma),
            (Users * share) + (3 * sigma)
        );
    }

    [Fact]
    public void Nobody_goes_back_while_a_share_is_raised_ten_times_and_nobody_comes_while_it_is_lowered()
    {
        var isNew = new bool[Users / 10];
        int[] rising = [1, 2, 5, 10, 20, 30, 50, 70, 90, 99];
        foreach (var percent in rising)
        {
            Assert.DoesNotContain(Moves(isNew, percent), move => move is (true, false));
        }
        foreach (var percent in rising.Reverse())
        {
            Assert.DoesNotContain(Moves(isNew, percent), move => move is (false, true));
        }
    }

    [Fact]
    public void A_user_without_a_name_gets_a_cookie_and_stays_where_it_came()
    {
        var service = Service(new() { Sticky = new(StickyBy.Cookie) }, 50);
        for (var user = 0; user < 100; user++)
        {
            var first = NewTrip();
            var since = Choose(service, first);
            Assert.Matches("^[0-9a-f]{16}$", first.Cohort);
            var again = NewTrip(("Cookie", $"theme=dark; fairlead-cohort={first.Cohort}; ab=b"));
            Assert.Equal(since, Choose(service, again));
            Assert.Null(again.Cohort);
        }
    }

    [Fact]
    public void A_new_users_cookie_is_set_with_the_answer()
    {
        var trip = NewTrip();
        trip.Begin(
            Service(new() { Sticky = new(StickyBy.Cookie) }, 50) is var service
                ? service.Choose(only: null, trip.Tried, service.Steer(trip))!.Value
                : default
        );
        trip.Answered();
        Assert.Equal(
            $"fairlead-cohort={trip.Cohort}; max-age=7776000; path=/; samesite=lax; httponly",
            trip.Http.Response.Headers.SetCookie
        );
    }

    [Fact]
    public void Testers_reach_the_new_release_without_a_share_and_all_others_do_not()
    {
        var service = Service(
            new()
            {
                Match =
                [
                    new() { Header = "X-Beta", Is = "1" },
                    new() { Cookie = "ab", Is = "b" },
                    new() { Header = "X-Old", Release = 41 },
                ],
            },
            0
        );
        Assert.Equal(42, Since(service, ("X-Beta", "1")));
        Assert.Equal(41, Since(service, ("X-Beta", "2")));
        Assert.Equal(42, Since(service, ("Cookie", "x=y; ab=b")));
        Assert.Equal(41, Since(service, ("Cookie", "cab=b; ab=bb")));
        Assert.Equal(41, Since(service, ("X-Old", "yes")));
        Assert.Equal(41, Since(service));
        service.Parts[1].Replicas[0].MarkDown();
        Assert.Equal(41, Since(service, ("X-Beta", "1")));
    }

    private static IEnumerable<(bool Was, bool Is)> Moves(bool[] isNew, int percent)
    {
        var service = Service(new() { Sticky = new(StickyBy.Header, "X-User") }, percent);
        for (var user = 0; user < isNew.Length; user++)
        {
            var was = isNew[user];
            isNew[user] = Since(service, ("X-User", $"user-{user}")) == 42;
            yield return (was, isNew[user]);
        }
    }

    private static int Since(LiveService service, params (string Name, string Value)[] headers) =>
        Choose(service, NewTrip(headers));

    private static int Choose(LiveService service, Trip trip) =>
        service.Choose(only: null, tried: default, service.Steer(trip))!.Value.Part.Part.Since;

    private static Trip NewTrip(params (string Name, string Value)[] headers)
    {
        var http = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            http.Request.Headers.Append(name, value);
        }
        return new(http, new Arrival(Door.Public), TimeProvider.System);
    }

    private static LiveService Service(TrafficPolicy policy, int percent) =>
        RouteTable
            .Build(
                [
                    Routing(
                        Api(Backend(41, 100 - percent, 5001), Backend(42, percent, 5002)) with
                        {
                            Traffic = policy,
                            Next = new Part("api", 42),
                        }
                    ),
                ],
                new Ledger(new World(TimeProvider.System, new Random(1))),
                before: null
            )
            .FindNamed("/shop.production.api")!;
}
