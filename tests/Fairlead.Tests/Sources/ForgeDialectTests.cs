using System.Text.Json.Nodes;
using Fairlead.Drivers.Forges;
using Fairlead.Drivers.Git;
using Fairlead.Model.Git;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Sources;

/// <summary>What is asked of forges and of git, as text.</summary>
public sealed class ForgeDialectTests
{
    private static readonly ForgeStatus Status = new(
        "failure",
        "fairlead/preview-a",
        "It failed.",
        new("http://a.example.com/")
    );

    [Fact]
    public void GitHub_is_asked_as_its_documentation_says() =>
        Assert.Equal(
            """
            Authorization: Bearer t
            GET repos/acme/shop/pulls?state=open&per_page=100&head=acme%3Afix%2Fa
            GET repos/acme/shop/pulls/7
            GET repos/acme/shop/issues/7/comments?per_page=100&page=2
            POST repos/acme/shop/issues/7/comments {"body":"x"}
            PATCH repos/acme/shop/issues/comments/9 {"body":"x"}
            POST repos/acme/shop/statuses/abc {"state":"failure","context":"fairlead/preview-a","description":"It failed.","target_url":"http://a.example.com/"}
            """,
            Text(ForgeKind.GitHub, "acme/shop")
        );

    [Fact]
    public void GitLab_is_asked_as_its_documentation_says() =>
        Assert.Equal(
            """
            PRIVATE-TOKEN: t
            GET projects/acme%2Fweb%2Fshop/merge_requests?state=opened&per_page=100&source_branch=fix%2Fa
            GET projects/acme%2Fweb%2Fshop/merge_requests/7
            GET projects/acme%2Fweb%2Fshop/merge_requests/7/notes?per_page=100&page=2
            POST projects/acme%2Fweb%2Fshop/merge_requests/7/notes {"body":"x"}
            PUT projects/acme%2Fweb%2Fshop/merge_requests/7/notes/9 {"body":"x"}
            POST projects/acme%2Fweb%2Fshop/statuses/abc {"state":"failed","name":"fairlead/preview-a","description":"It failed.","target_url":"http://a.example.com/"}
            """,
            Text(ForgeKind.GitLab, "acme/web/shop")
        );

    [Fact]
    public void Gitea_is_asked_as_its_documentation_says() =>
        Assert.Equal(
            """
            Authorization: token t
            GET repos/acme/shop/pulls?state=open&sort=recentupdate&limit=50
            GET repos/acme/shop/pulls/7
            GET repos/acme/shop/issues/7/comments?page=2
            POST repos/acme/shop/issues/7/comments {"body":"x"}
            PATCH repos/acme/shop/issues/comments/9 {"body":"x"}
            POST repos/acme/shop/statuses/abc {"state":"failure","context":"fairlead/preview-a","description":"It failed.","target_url":"http://a.example.com/"}
            """,
            Text(ForgeKind.Gitea, "acme/shop")
        );

    [Theory]
    [InlineData(
        ForgeKind.GitHub,
        """[{"number":3,"head":{"ref":"a","repo":{"full_name":"eve/shop"}}},{"number":4,"head":{"ref":"a","repo":{"full_name":"Acme/shop"}}}]""",
        4
    )]
    [InlineData(
        ForgeKind.Gitea,
        """[{"number":3,"head":{"ref":"a","repo":null}},{"number":4,"head":{"ref":"a","repo":{"full_name":"acme/shop"}}}]""",
        4
    )]
    [InlineData(
        ForgeKind.GitLab,
        """[{"iid":3,"source_branch":"a","source_project_id":2,"target_project_id":1},{"iid":4,"source_branch":"a","source_project_id":1,"target_project_id":1}]""",
        4
    )]
    [InlineData(ForgeKind.GitHub, """{"message":"Not Found"}""", null)]
    [InlineData(ForgeKind.GitLab, """[null,1,"x",{}]""", null)]
    public void A_branch_of_the_same_name_in_a_fork_is_not_meant(ForgeKind kind, string answer, int? change) =>
        Assert.Equal(change, Dialect(kind, "acme/shop").ReadChange(JsonNode.Parse(answer), "a"));

    [Fact]
    public void Git_has_nobodys_settings_and_its_token_in_no_argument()
    {
        var order = new GitOrder(
            "shop",
            "https://example.com/a.git",
            IsInside: false,
            new Secret("s3cret-token"),
            new Dictionary<int, string>()
        );
        var env = GitSettings.Reaching(
            order,
            "/home",
            [System.Net.IPAddress.Parse("192.0.2.1"), System.Net.IPAddress.IPv6Loopback]
        );
        var settings = Enumerable
            .Range(0, int.Parse(env["GIT_CONFIG_COUNT"], System.Globalization.CultureInfo.InvariantCulture))
            .Select(at => $"{env[$"GIT_CONFIG_KEY_{at}"]}={env[$"GIT_CONFIG_VALUE_{at}"]}")
            .ToList();
        Assert.Subset(
            settings.ToHashSet(),
            new HashSet<string>
            {
                "protocol.allow=never",
                "protocol.https.allow=always",
                "core.hooksPath=/dev/null",
                "credential.helper=",
                "http.followRedirects=false",
                "http.curloptResolve=example.com:443:192.0.2.1,[::1]",
                "http.extraHeader=Authorization: Basic eC1hY2Nlc3MtdG9rZW46czNjcmV0LXRva2Vu",
            }
        );
        Assert.DoesNotContain("protocol.file.allow=always", settings);
        Assert.DoesNotContain("protocol.http.allow=always", settings);
        Assert.Equal(
            ("0", "1", "/dev/null"),
            (env["GIT_TERMINAL_PROMPT"], env["GIT_CONFIG_NOSYSTEM"], env["GIT_CONFIG_GLOBAL"])
        );
    }

    [Fact]
    public void What_git_says_is_read_and_what_it_does_not_say_is_left_out()
    {
        var commit = new string('a', 40);
        var heads = GitMirrors.ReadHeads(
            $"{commit} 1767225600 refs/heads/fix/a\n{commit} 1 refs/changes/12\nx 1 refs/heads/b\n{commit} refs/heads/c\n"
        );
        Assert.Equal(
            [("change:12", commit), ("fix/a", commit)],
            heads.Select(one => (one.Key, one.Value.Commit)).Order()
        );
        Assert.Equal(
            [
                new GitEntry("a", commit, 10, IsFile: true, IsModule: false),
                new GitEntry("b c", commit, 20, IsFile: true, IsModule: false),
                new GitEntry("link", commit, 3, IsFile: false, IsModule: false),
                new GitEntry("lib", commit, 0, IsFile: false, IsModule: true),
            ],
            GitEntry.Read(
                $"100644 blob {commit}      10\ta\0100755 blob {commit} 20\tb c\0120000 blob {commit} 3\tlink\0160000 commit {commit} -\tlib\0"
            )
        );
        Assert.Null(GitMirrors.ReadCommit("x"));
    }

    private static IForgeDialect Dialect(ForgeKind kind, string repository) =>
        AllForges.DialectOf(new(kind, new("https://example.com"), repository));

    private static string Text(ForgeKind kind, string repository)
    {
        var dialect = Dialect(kind, repository);
        var (name, value) = dialect.Showing("t");
        ForgeCall[] calls =
        [
            dialect.OpenChanges("fix/a"),
            dialect.Change(7),
            dialect.Comments(7, 2),
            dialect.AddComment(7, "x"),
            dialect.EditComment(7, 9, "x"),
            dialect.Status("abc", Status),
        ];
        return string.Join(
            '\n',
            [
                $"{name}: {value}",
                .. calls.Select(one => $"{one.Method} {one.Path} {one.Body?.ToJsonString()}".TrimEnd()),
            ]
        );
    }
}
