using Fairlead.Model.Releases;
using Fairlead.Roles;
using Fairlead.Roles.Up;

namespace Fairlead.Tests.Faces;

public sealed class BackoffTests
{
    [Fact]
    public void A_dead_role_is_started_at_once_and_rests_longer_each_time_it_dies_young()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(10));
        int[] lived = [60, 1, 1, 1, 1, 1, 1, 1, 1, 1, 9, 11, 1];

        Assert.Equal(
            [0, 100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000, 10000, 0, 100],
            lived.Select(seconds => backoff.After(seconds.Seconds).TotalMilliseconds)
        );
    }

    [Theory]
    [InlineData("8080", "127.0.0.1:8080")]
    [InlineData(":8080", "127.0.0.1:8080")]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    public void Addresses_are_read(string text, string expected) =>
        Assert.Equal(expected, Addresses.Parse("http", text).ToString());

    [Theory]
    [InlineData("host:80")]
    [InlineData("127.0.0.1")]
    [InlineData("99999")]
    [InlineData("")]
    public void Other_addresses_are_wrong_use(string text) =>
        Assert.Equal(
            Model.Problems.Trouble.WrongUse,
            Assert.Throws<Model.Problems.ProblemException>(() => Addresses.Parse("http", text)).Problem.Trouble
        );

    [Fact]
    public void A_role_reads_its_sockets_from_its_environment() =>
        Assert.Equal(
            [("public", 3), ("internal", 4)],
            RoleMain.Listeners("public:3,internal:4").Select(one => (one.Key, one.Value))
        );
}
