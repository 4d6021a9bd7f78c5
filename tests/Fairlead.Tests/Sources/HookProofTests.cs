using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Operations.Hooks;

namespace Fairlead.Tests.Sources;

/// <summary>Hooks as each forge signs them.</summary>
public sealed class HookProofTests
{
    private const string Secret = "It's a Secret to Everybody";
    private static readonly byte[] Body = "Hello, World!"u8.ToArray();
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    // The example of GitHub's own documentation.
    private const string GitHub = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    [Fact]
    public void GitHubs_own_example_is_proven() =>
        Assert.Equal(
            new HookProof(IsProven: true, "72d3162e"),
            Of(("X-Hub-Signature-256", $"sha256={GitHub}"), ("X-GitHub-Delivery", "72d3162e"))
        );

    [Theory]
    [InlineData("X-Gitea-Signature", "X-Gitea-Delivery", GitHub)]
    [InlineData("X-Forgejo-Signature", "X-Forgejo-Delivery", GitHub)]
    [InlineData("X-Hub-Signature", "X-Request-UUID", "sha256=" + GitHub)]
    public void Gitea_Forgejo_and_Bitbucket_sign_the_same_body_the_same_way(
        string header,
        string delivery,
        string signature
    ) => Assert.Equal(new HookProof(IsProven: true, "d"), Of((header, signature), (delivery, "d")));

    [Fact]
    public void GitLabs_token_is_compared_and_its_signature_counts_before_it()
    {
        Assert.Equal(new HookProof(IsProven: true, "u"), Of(("X-Gitlab-Token", Secret), ("X-Gitlab-Event-UUID", "u")));
        Assert.False(Of(("X-Gitlab-Token", "another")).IsProven);
        Assert.False(Of(("X-Gitlab-Token", Secret), ("webhook-signature", "v1,AAAA")).IsProven);
    }

    [Fact]
    public void GitLabs_signature_holds_for_five_minutes()
    {
        var key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var at = Now.ToUnixTimeSeconds();
        Assert.Equal(
            new HookProof(IsProven: true, "msg_1"),
            HookProof.Of(Signed(key, at), Body, $"whsec_{key}", Now.AddMinutes(4))
        );
        Assert.False(HookProof.Of(Signed(key, at), Body, $"whsec_{key}", Now.AddMinutes(6)).IsProven);
        Assert.False(HookProof.Of(Signed(key, at), [.. Body, 0], $"whsec_{key}", Now).IsProven);
    }

    [Theory]
    [InlineData("X-Hub-Signature-256", "sha256=")]
    [InlineData("X-Hub-Signature-256", "sha1=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17")]
    [InlineData("X-Gitea-Signature", "")]
    [InlineData("X-Gitlab-Token", "")]
    [InlineData("X-Nothing", "")]
    public void What_shows_nothing_is_not_proven(string header, string value) =>
        Assert.Equal(new HookProof(IsProven: false, Delivery: null), Of((header, value)));

    [Fact]
    public void A_good_signature_of_a_later_header_does_not_rescue_a_bad_one() =>
        Assert.False(Of(("X-Forgejo-Signature", "00"), ("X-Hub-Signature-256", $"sha256={GitHub}")).IsProven);

    private static HookProof Of(params (string Name, string Value)[] headers) =>
        HookProof.Of(
            name => headers.Where(one => one.Name == name).Select(one => one.Value).FirstOrDefault(),
            Body,
            Secret,
            Now
        );

    private static Func<string, string?> Signed(string key, long at)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes($"msg_1.{at}."), .. Body];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key), text));
        return name =>
            name switch
            {
                "webhook-id" => "msg_1",
                "webhook-timestamp" => FormattableString.Invariant($"{at}"),
                "webhook-signature" => $"v1,AAAA v1,{signature}",
                _ => null,
            };
    }
}
