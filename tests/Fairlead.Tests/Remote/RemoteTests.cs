using Fairlead.Engine.Pipelines.Running;
using Fairlead.Model.Problems;
using Fairlead.Remote;

namespace Fairlead.Tests.Remote;

/// <summary>Where a server elsewhere is, and what is shown to it.</summary>
public sealed class RemoteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://fairlead.example.com")]
    [InlineData("https://fairlead.example.com:8443/")]
    [InlineData("http://127.0.0.1:8077")]
    [InlineData("http://localhost:8077")]
    [InlineData("http://[::1]:8077")]
    public void An_address_is_sealed_or_on_this_machine(string text) =>
        Assert.Equal(new Uri(text), RemotePlatform.AddressOf(text));

    [Theory]
    [InlineData("http://fairlead.example.com")]
    [InlineData("https://me:secret@fairlead.example.com")]
    [InlineData("https://fairlead.example.com/api")]
    [InlineData("https://fairlead.example.com/?x=1")]
    [InlineData("ftp://fairlead.example.com")]
    [InlineData("fairlead.example.com")]
    [InlineData("/run/fairlead.sock")]
    public void Others_are_refused_and_not_repeated(string text)
    {
        var caught = Assert.Throws<ProblemException>(() => RemotePlatform.AddressOf(text));
        Assert.Equal("remote.bad-address", caught.Problem.Code);
        Assert.DoesNotContain(
            "secret",
            caught.Problem.What + caught.Problem.Why + caught.Problem.Fix,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_token_that_somebody_set_goes_before_one_that_a_system_signs()
    {
        Assert.Equal(
            new Shown("set", IsOfJob: false),
            await FindAsync(("FAIRLEAD_TOKEN", " set\n"), ("FAIRLEAD_ID_TOKEN", "signed"))
        );
        Assert.Equal(
            new Shown("signed", IsOfJob: true),
            await FindAsync(("FAIRLEAD_TOKEN", " "), ("FAIRLEAD_ID_TOKEN", "signed"))
        );
        Assert.Equal(new Shown("circle", IsOfJob: true), await FindAsync(("CIRCLE_OIDC_TOKEN_V2", "circle")));
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "in a file\n", Stop);
        Assert.Equal(new Shown("in a file", IsOfJob: false), await FindAsync(("FAIRLEAD_TOKEN_FILE", file)));
        File.Delete(file);
        var gone = await Assert.ThrowsAsync<ProblemException>(() => FindAsync(("FAIRLEAD_TOKEN_FILE", file)));
        Assert.Equal("remote.no-token", gone.Problem.Code);
        var none = await Assert.ThrowsAsync<ProblemException>(() => FindAsync());
        Assert.Equal("remote.no-token", none.Problem.Code);
    }

    [Fact]
    public async Task Tasks_that_deploy_get_every_variable_that_is_looked_for()
    {
        var asked = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var given in new[] { "", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI" })
        {
            var identity = new JobIdentity(
                name =>
                {
                    asked.Add(name);
                    return name == given ? "no address" : null;
                },
                "/"
            );
            await Assert.ThrowsAsync<ProblemException>(() => identity.FindAsync(Stop));
        }
        Assert.Equal(DeployVariables.All.Except([DeployVariables.Server, "FAIRLEAD_STATE"]), asked);
    }

    private static Task<Shown> FindAsync(params (string Name, string Value)[] variables) =>
        new JobIdentity(name => variables.FirstOrDefault(one => one.Name == name).Value, "/").FindAsync(Stop);
}
