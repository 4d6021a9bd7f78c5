using Fairlead.Roles.Edge;

namespace Fairlead.Tests.Edge;

public sealed class IncidentsTests
{
    private readonly Incidents incidents = new();

    [Fact]
    public void A_client_that_tries_again_at_once_meets_the_same_incident_and_later_another() =>
        Assert.Equal(
            [true, false, false, true, false],
            ((long[])[0, 10, 999, 1_000, 1_999]).Select(at => incidents.IsNew("10.0.0.1", "/api/orders/7", 500, at))
        );

    [Theory]
    [InlineData("10.0.0.2", "/api/orders", 500)]
    [InlineData("10.0.0.1", "/api/basket", 500)]
    [InlineData("10.0.0.1", "/api/orders", 503)]
    public void Another_client_path_or_status_is_another_incident(string client, string path, int status)
    {
        Assert.True(incidents.IsNew("10.0.0.1", "/api/orders", 500, 5));

        Assert.True(incidents.IsNew(client, path, status, 6));
    }

    [Fact]
    public void Numbers_and_what_comes_late_in_a_path_make_no_difference()
    {
        Assert.True(incidents.IsNew("10.0.0.1", "/api/orders12/lines/3", 500, 5));

        Assert.False(incidents.IsNew("10.0.0.1", "/api/orders7/notes", 500, 6));
    }

    [Fact]
    public void Thousands_of_clients_at_once_are_nearly_all_told_apart()
    {
        var fresh = Enumerable
            .Range(0, 1_000)
            .Count(client => incidents.IsNew($"10.0.{client / 250}.{client % 250}", "/", 500, 5));

        Assert.InRange(fresh, 990, 1_000);
    }
}
