using System.Text;
using Fairlead.Drivers.Aws;
using Fairlead.Drivers.Registries;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Drivers.Registries;

public sealed class EcrRepositoriesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ImageReference Image =>
        ImageReference.TryParse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api:7", out _)!;

    [Fact]
    public void A_repository_is_asked_for_at_the_account_and_region_of_its_host()
    {
        var call = EcrRepositories.Create(("123456789012", "eu-west-1"), "shop/api");

        Assert.Equal(("ecr", "eu-west-1"), (call.Service, call.Region));
        Assert.Equal("AmazonEC2ContainerRegistry_V20150921.CreateRepository", call.Headers["X-Amz-Target"]);
        Assert.Equal(
            """{"repositoryName":"shop/api","imageTagMutability":"IMMUTABLE","imageScanningConfiguration":{"scanOnPush":true},"tags":[{"Key":"managed-by","Value":"fairlead"}],"registryId":"123456789012"}""",
            Encoding.UTF8.GetString(call.Body.Span)
        );
        using var http = new HttpClient();
        var aws = AwsApi.Of(http, static _ => null, new World(TimeProvider.System, new Random(1)));
        Assert.Equal(new Uri("https://api.ecr.eu-west-1.amazonaws.com"), aws.AddressOf(call));
    }

    [Fact]
    public async Task It_is_made_only_where_it_is_missing_and_asked_about_once()
    {
        var played = new Played(new(400, []) { Code = "RepositoryNotFoundException" }, new(200, "{}"u8.ToArray()));
        var repositories = new EcrRepositories(played);
        await repositories.EnsureAsync(Image, Stop);
        await repositories.EnsureAsync(Image.Tagged("8"), Stop);
        Assert.Equal(["DescribeRepositories", "CreateRepository"], played.Asked);

        var there = new Played(new AwsAnswer(200, "{}"u8.ToArray()));
        await new EcrRepositories(there).EnsureAsync(Image, Stop);
        Assert.Equal(["DescribeRepositories"], there.Asked);

        var elsewhere = new Played();
        await new EcrRepositories(elsewhere).EnsureAsync(ImageReference.TryParse("ghcr.io/shop/api:7", out _)!, Stop);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public async Task Who_may_not_look_may_send_all_the_same_and_what_cannot_be_made_is_said()
    {
        var blind = new Played(default(AwsAnswer));
        await new EcrRepositories(blind).EnsureAsync(Image, Stop);
        Assert.Equal(["DescribeRepositories"], blind.Asked);

        var full = new Played(
            new(400, []) { Code = "RepositoryNotFoundException" },
            new(400, []) { Code = "InvalidParameterException", Message = "no such name" }
        );
        var refused = await Assert.ThrowsAsync<ProblemException>(() =>
            new EcrRepositories(full).EnsureAsync(Image, Stop)
        );
        Assert.Equal(
            ("registry.ecr", "It answered 400 InvalidParameterException: no such name"),
            (refused.Problem.Code, refused.Problem.Why)
        );
    }

    /// <summary>Gives one answer after another; null refuses whoever asks.</summary>
    private sealed class Played(params AwsAnswer?[] answers) : IAws
    {
        public List<string> Asked { get; } = [];

        public string Region => "eu-central-1";

        public Uri AddressOf(AwsCall call) => new("http://127.0.0.1");

        public Task<AwsAnswer> AskAsync(AwsCall call, CancellationToken stop)
        {
            Asked.Add(call.Action);
            return answers[Asked.Count - 1] is { } answer
                ? Task.FromResult(answer)
                : throw new ProblemException(new Problem("aws.denied", "You may not.", "No.", "Ask."));
        }
    }
}
