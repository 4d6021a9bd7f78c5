using Fairlead.Engine.Operations;
using Fairlead.Engine.Sources;
using Fairlead.Model.Git;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Sources;

/// <summary>What is said of a source, and what is done about its branch.</summary>
public sealed class SourceTests
{
    private static readonly AddSource.Input Good = new() { App = "shop", Url = "https://github.com/acme/shop.git" };

    [Fact]
    public void What_is_left_out_is_what_most_want()
    {
        var source = SourceReading.Of(Good, new("", "owner"));
        Assert.Equal(
            ("shop", "main", "production", ".", TimeSpan.FromMinutes(1), "HOOK_SHOP"),
            (source.Name, source.Branch, source.Environment, source.Folder, source.Poll, source.HookSecret)
        );
        Assert.Equal(new ForgeAddress(ForgeKind.GitHub, new("https://api.github.com"), "acme/shop"), source.Forge);
        Assert.Null(source.Previews);
    }

    [Theory]
    [InlineData(
        "git@gitlab.com:acme/web/shop.git",
        "ssh://git@gitlab.com/acme/web/shop.git",
        "gitlab.com/acme/web/shop"
    )]
    [InlineData("https://codeberg.org/acme/shop", "https://codeberg.org/acme/shop", "codeberg.org/acme/shop")]
    public void Addresses_are_read_as_git_reads_them(string typed, string url, string forge)
    {
        var source = SourceReading.Of(Good with { Url = typed }, new("", "owner"));
        Assert.Equal(url, source.Url);
        Assert.Equal(forge, $"{source.Forge!.Api.Host}/{source.Forge.Repository}");
    }

    [Theory]
    [InlineData("http://example.com/a.git")]
    [InlineData("file:///etc")]
    [InlineData("ext::sh -c touch% /tmp/x")]
    [InlineData("--upload-pack=touch /tmp/x")]
    [InlineData("ssh://-oProxyCommand=x/a")]
    [InlineData("ssh://-l@host/a")]
    [InlineData("git://example.com/a.git")]
    [InlineData("https://user:pa55word@example.com/a.git")]
    [InlineData("https://token@example.com/a.git")]
    [InlineData("https://example.com/a.git?x=y")]
    [InlineData("shop")]
    public void Other_addresses_are_refused(string url)
    {
        var caught = Assert.Throws<ProblemException>(() => SourceReading.Of(Good with { Url = url }, new("", "owner")));
        Assert.Equal(["source.url"], caught.Problems.Select(one => one.Code));
        Assert.DoesNotContain("pa55word", caught.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var input = Good with
        {
            Branch = "-x",
            SourceFolder = "../etc",
            Poll = "1s",
            Token = "ghp_abc-def!",
            Preview = ["", "a\\b"],
            PreviewLike = "production",
            PreviewHost = "preview.example.com",
            PreviewTtl = "soon",
            PreviewData = "copy-of:staging",
        };
        var caught = Assert.Throws<ProblemException>(() => SourceReading.Of(input, new("", "owner")));
        Assert.Equal(
            [
                "source.branch",
                "source.folder",
                "source.poll",
                "source.token",
                "source.preview",
                "source.preview",
                "source.preview-host",
                "source.preview-ttl",
                "source.preview-like",
                "source.preview-data",
            ],
            caught.Problems.Select(one => one.Code)
        );
    }

    [Theory]
    [InlineData("{branch}.preview.example.com", true)]
    [InlineData("{branch}-{app}.example.com", true)]
    [InlineData("{branch}-a-very-long-name-of-some-app-that-goes-on.example.com", false)]
    [InlineData("{branch}..example.com", false)]
    [InlineData("{branch}.example.com/x", false)]
    [InlineData("{branch}.Example.com", false)]
    public void A_host_must_hold_for_the_longest_branch(string template, bool isGood) =>
        Assert.Equal(isGood, SourceReading.HostFault(template, "shop") is null);

    [Fact]
    public void The_newest_commit_is_taken_once_and_nothing_is_always_overtaken()
    {
        Assert.Equal(new SourceTurn.Ship("b"), Turn("b", "a"));
        Assert.Equal(new SourceTurn.Rest(), Turn("a", "a"));
        Assert.Equal(new SourceTurn.Gone(), Turn(head: null, "a"));
        Assert.Equal(new SourceTurn.Wait(DeploymentPhase.RollingOut), Turn("b", "a", DeploymentPhase.RollingOut));
        Assert.Equal(new SourceTurn.Wait(DeploymentPhase.Building), Turn("b", "a", DeploymentPhase.Building));
        Assert.Equal(new SourceTurn.Ship("b"), Turn("b", "a", DeploymentPhase.AwaitingApproval));
        Assert.Equal(new SourceTurn.Ship("b"), Turn("b", "a", DeploymentPhase.Promoted));
    }

    [Fact]
    public void Only_what_changes_its_paths_is_deployed()
    {
        Assert.Equal(new SourceTurn.Leave("b"), Turn("b", "a", changed: ["README.md", "other/a"]));
        Assert.Equal(new SourceTurn.Ship("b"), Turn("b", "a", changed: ["README.md", "shop/a"]));
        // What cannot be told is deployed.
        Assert.Equal(new SourceTurn.Ship("b"), Turn("b", "a", changed: null));
    }

    private static SourceTurn Turn(
        string? head,
        string? known,
        DeploymentPhase? phase = null,
        IReadOnlyList<string>? changed = null
    ) =>
        SourceTurn.Of(
            new(
                SourceReading.Of(Good with { Path = ["shop/**"] }, new("", "owner")),
                new SourceState("shop") { Commit = known },
                head,
                Latest: null,
                phase
            ),
            changed
        );
}
