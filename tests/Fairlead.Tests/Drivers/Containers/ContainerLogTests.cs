using System.Text;
using Fairlead.Drivers.Containers;

namespace Fairlead.Tests.Drivers.Containers;

public sealed class ContainerLogTests
{
    private const string First = "2026-11-27T08:20:02.939054597Z";
    private const string Second = "2026-11-27T08:20:02.939054598Z";
    private const string Lines = $"{First} one\n{Second} two\n";

    [Fact]
    public void Times_are_taken_off_however_the_lines_are_cut()
    {
        for (var cut = 0; cut <= Lines.Length; cut++)
        {
            var stamps = new ContainerLog.Stamps(after: null);

            Assert.Equal("one\ntwo\n", Strip(stamps, Lines[..cut]) + Strip(stamps, Lines[cut..]));
            Assert.Equal(Second, stamps.Last);
        }
    }

    [Fact]
    public void What_was_carried_over_before_is_left_out()
    {
        Assert.Equal("two\n", Strip(new(First), Lines));
        Assert.Equal("", Strip(new(Second), Lines));
        Assert.Equal(Second, Last(Second, Lines));
    }

    [Theory]
    [InlineData("no time at all\n")]
    [InlineData("\n")]
    [InlineData("2026-11-27T08:20:02.939054597Zno space between\n")]
    public void A_line_without_a_time_is_kept_as_it_is(string line) => Assert.Equal(line, Strip(new(First), line));

    [Theory]
    [InlineData(First, "1795767602.939054597")]
    [InlineData("2026-11-27T08:20:02Z", "1795767602.0")]
    [InlineData("nonsense", null)]
    [InlineData(null, null)]
    public void A_time_is_told_as_engines_take_it(string? stamp, string? seconds) =>
        Assert.Equal(seconds, ContainerLog.SecondsOf(stamp));

    [Fact]
    public void An_engine_is_where_it_is_said_to_be()
    {
        var said = new Dictionary<string, string>
        {
            ["DOCKER_HOST"] = "unix:///d",
            ["FAIRLEAD_CONTAINERS"] = "unix:///f",
        };

        Assert.Equal("unix:///f", ContainerEngine.AddressIn(said.GetValueOrDefault));
        said.Remove("FAIRLEAD_CONTAINERS");
        Assert.Equal("unix:///d", ContainerEngine.AddressIn(said.GetValueOrDefault));
    }

    private static string Strip(ContainerLog.Stamps stamps, string text) =>
        Encoding.UTF8.GetString(stamps.Strip(Encoding.UTF8.GetBytes(text)));

    private static string? Last(string after, string text)
    {
        var stamps = new ContainerLog.Stamps(after);
        Strip(stamps, text);
        return stamps.Last;
    }
}
