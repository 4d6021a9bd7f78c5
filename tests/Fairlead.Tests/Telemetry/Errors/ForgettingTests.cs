using CsCheck;
using Fairlead.Engine.Guarding.Compliance;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Telemetry;

namespace Fairlead.Tests.Telemetry.Errors;

public sealed class ForgettingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Forgetting Anna = new("anna-77", ["a1b2"]);

    [Theory]
    [InlineData("no cart of anna-77", "no cart of [erased]")]
    [InlineData("ANNA-77: /users/anna-77/cart", "[erased]: /users/[erased]/cart")]
    [InlineData("anna-777 and joanna-77", "anna-777 and joanna-77")]
    [InlineData("anna-77anna-77 anna-77", "anna-77anna-77 [erased]")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void A_person_goes_where_they_stand_alone(string? before, string? after) =>
        Assert.Equal(after, Anna.Text(before));

    [Fact]
    public void Everything_of_an_event_that_is_theirs_goes_and_nothing_else()
    {
        var one = new ErrorEvent
        {
            Id = "anna-77",
            At = Noon,
            User = "a1b2",
            Address = "203.0.113.0",
            Message = "anna-77 failed",
            Transaction = "GET /u/anna-77",
            Exceptions = [new("KeyError", "'anna-77'", []), new("IOError", "disk", [])],
            Request = new("GET", "https://shop/u/anna-77", new Dictionary<string, string> { ["Host"] = "shop" }),
            Tags = new Dictionary<string, string> { ["customer"] = "anna-77", ["browser"] = "Firefox" },
            Breadcrumbs = [new(Noon, "click", "anna-77 paid"), new(Noon, "click", "home")],
        };
        var found = Anna.Of(one)!;
        Assert.Equal(
            "anna-77 - - [erased] failed GET /u/[erased] '[erased]' disk https://shop/u/[erased] [erased] Firefox [erased] paid home",
            string.Join(
                ' ',
                [
                    found.Id,
                    found.User ?? "-",
                    found.Address ?? "-",
                    found.Message,
                    found.Transaction,
                    .. found.Exceptions.Select(thrown => thrown.Value),
                    found.Request!.Url,
                    .. found.Tags.Values,
                    .. found.Breadcrumbs.Select(crumb => crumb.Text),
                ]
            )
        );
        Assert.Null(Anna.Of(found));
        Assert.Null(
            Anna.Of(
                one with
                {
                    User = "c3d4",
                    Message = null,
                    Transaction = null,
                    Exceptions = [],
                    Request = null,
                    Tags = new Dictionary<string, string>(),
                    Breadcrumbs = [],
                }
            )
        );
    }

    [Fact]
    public void Done_twice_it_changes_nothing_more() =>
        Gen.Select(Gen.Char["ab-"].Array[3, 5], Gen.Char["ab- "].Array[0, 30])
            .Sample(
                (name, text) =>
                {
                    var forgetting = new Forgetting(new(name), []);
                    var once = forgetting.Text(new(text));
                    return forgetting.Text(once) == once;
                }
            );

    [Fact]
    public void A_pseudonym_is_the_same_in_any_case_and_another_for_each_person_and_each_fairlead()
    {
        var (ours, theirs) = (new Pseudonyms([1, 2, 3]), new Pseudonyms([1, 2, 4]));
        Assert.Equal(ours.Of("anna@example.org"), ours.Of(" Anna@Example.org"));
        Assert.Matches("^subject-[0-9a-f]{16}$", ours.Of("anna@example.org"));
        Assert.Equal(
            3,
            new[] { ours.Of("anna@example.org"), ours.Of("bert@example.org"), theirs.Of("anna@example.org") }
                .Distinct()
                .Count()
        );
        Assert.DoesNotContain(ours.UserHash("anna"), ours.Of("anna"), StringComparison.Ordinal);
    }
}
