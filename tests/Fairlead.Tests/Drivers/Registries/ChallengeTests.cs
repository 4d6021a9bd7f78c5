using System.Text.Json.Nodes;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Registries;

/// <summary>What registries ask for, and as whom they are asked.</summary>
public sealed class ChallengeTests
{
    private static readonly Asked Asked = new(
        ImageReference.Parse("ghcr.io/a/b"),
        "give it",
        new("https://ghcr.io/v2/")
    );

    [Fact]
    public void A_bearer_challenge_is_read_with_commas_in_its_scope()
    {
        var one = Assert.Single(
            AuthChallenge.Read(
                """Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push" """
            )
        );
        Assert.Equal(
            ("bearer", "https://auth.docker.io/token", "registry.docker.io", "repository:a/b:pull,push"),
            (one.Scheme, one["realm"], one["service"], one["scope"])
        );
    }

    [Fact]
    public void Several_challenges_are_told_apart() =>
        Assert.Equal(
            ["basic x\"y", "bearer https://r/t"],
            AuthChallenge
                .Read("""Basic realm="x\"y", Bearer realm="https://r/t", error=invalid_token""")
                .Select(static one => $"{one.Scheme} {one["realm"]}")
        );

    [Fact]
    public void A_token_is_asked_for_all_scopes_that_are_needed()
    {
        var challenge = AuthChallenge
            .Read("""Bearer realm="https://r/t?x=1",service="s s",scope="repository:a:pull" """)
            .Single();
        using var request = Tokens.Request(
            new("https://r/t?x=1"),
            new(challenge, "repository:a:pull repository:b:pull", null, Asked)
        );
        Assert.Equal(
            "https://r/t?x=1&service=s%20s&scope=repository%3Aa%3Apull&scope=repository%3Ab%3Apull",
            request.RequestUri!.AbsoluteUri
        );
        Assert.Null(request.Headers.Authorization);
    }

    [Fact]
    public async Task An_identity_token_is_sent_in_a_body_and_in_no_address()
    {
        var challenge = AuthChallenge.Read("""Bearer realm="https://r/t",service="s" """).Single();
        using var request = Tokens.Request(
            new("https://r/t"),
            new(challenge, "x", new("<token>", "identity", "f") { IsIdentityToken = true }, Asked)
        );
        Assert.Equal(
            "grant_type=refresh_token&service=s&client_id=fairlead&scope=x&refresh_token=identity",
            await request.Content!.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.DoesNotContain("identity", request.RequestUri!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker.io", "ann ***")]
    [InlineData("ghcr.io", "bob ***")]
    [InlineData("registry.example.com", "<token> ***")]
    [InlineData("gcr.io", "helper gcloud")]
    [InlineData("elsewhere.io", "helper pass")]
    public void Dockers_config_is_read_as_docker_reads_it(string host, string expected)
    {
        const string text = """
            {"auths":{"https://index.docker.io/v1/":{"auth":"YW5uOnNlY3JldDpvbmU="},"ghcr.io":{"auth":"Ym9iOnB3"},
            "https://registry.example.com":{"identitytoken":"t0k"}},"credHelpers":{"gcr.io":"gcloud"},"credsStore":"pass"}
            """;
        var (helper, login) = DockerConfig.Read(text, host, "config.json");
        Assert.Equal(expected, login is null ? $"helper {helper}" : $"{login.User} ***");
        Assert.DoesNotContain(login?.Password ?? "none", $"{login}", StringComparison.Ordinal);
        Assert.True(host != "docker.io" || login!.Password == "secret:one");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"?"}}}""")]
    public void A_broken_config_is_said_and_its_secrets_are_not(string text)
    {
        var problem = Assert.Throws<ProblemException>(() => DockerConfig.Read(text, "ghcr.io", "config.json")).Problem;
        Assert.Equal("registry.config", problem.Code);
    }

    [Fact]
    public void A_helper_that_answers_something_else_is_not_quoted()
    {
        var problem = Assert
            .Throws<ProblemException>(() => LoginProgram.Read("""{"Secret":12345678}""", "docker-credential-x"))
            .Problem;
        Assert.DoesNotContain("12345678", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ecr_gives_a_login()
    {
        var login = EcrCredentials.Read(
            JsonNode.Parse("""{"authorizationData":[{"authorizationToken":"QVdTOnBhc3M="}]}""")!
        );
        Assert.Equal(new RegistryLogin("AWS", "pass", "ECR"), login);
    }

    [Fact]
    public void Logins_are_in_variables_named_for_their_registry() =>
        Assert.Equal("FAIRLEAD_REGISTRY_LOCALHOST_5000", VariableCredentials.NameOf("localhost:5000"));

    [Theory]
    [InlineData("docker.io", "https://registry-1.docker.io/v2/")]
    [InlineData("ghcr.io", "https://ghcr.io/v2/")]
    [InlineData("localhost:5000", "http://localhost:5000/v2/")]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/v2/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/v2/")]
    [InlineData("registry.lan:5000", "https://registry.lan:5000/v2/")]
    [InlineData("plain.lan", "http://plain.lan/v2/")]
    [InlineData("localhost.evil.com", "https://localhost.evil.com/v2/")]
    public void Only_this_machine_is_asked_without_tls_unless_that_is_allowed(string host, string root) =>
        Assert.Equal(
            root,
            RegistryPlace.RootOf(host, new() { Plain = new HashSet<string> { "plain.lan" } }).AbsoluteUri
        );

    [Theory]
    [InlineData("""{"errors":[{"code":"DENIED","message":"no\u001b[31m"}]}""", "DENIED: no [31m")]
    [InlineData("""{"details":"incorrect username or password"}""", "incorrect username or password")]
    [InlineData("<html>", "a page instead of a reason")]
    [InlineData("", "it says no reason")]
    public void What_a_registry_says_is_cleaned(string body, string said) =>
        Assert.Equal(said, Errors.Said(System.Text.Encoding.UTF8.GetBytes(body)));
}
