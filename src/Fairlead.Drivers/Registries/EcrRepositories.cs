using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Model.Images;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>
/// Makes repositories of Amazon's registries before something is sent to them: others make theirs with the first image, and those refuse it. What is
/// made looks for known holes in each image, and no tag of it ever becomes another image.
/// </summary>
/// <param name="aws">By the server's own credentials.</param>
public sealed partial class EcrRepositories(IAws aws)
{
    private const string Target = "AmazonEC2ContainerRegistry_V20150921";
    private const string Unknown = "RepositoryNotFoundException";
    private const string Exists = "RepositoryAlreadyExistsException";

    private readonly ConcurrentDictionary<string, bool> known = new(StringComparer.Ordinal);

    /// <summary>Nothing where it is another registry, or the repository is there.</summary>
    /// <exception cref="ProblemException">It is not there and cannot be made.</exception>
    public async Task EnsureAsync(ImageReference image, CancellationToken stop)
    {
        if (Host().Match(image.Host) is not { Success: true } host || known.ContainsKey(image.Name))
        {
            return;
        }
        var place = (host.Groups["account"].Value, host.Groups["region"].Value);
        if (await IsMissingAsync(Describe(place, image.Repository), stop))
        {
            var call = Create(place, image.Repository);
            var answer = await aws.AskAsync(call, stop);
            if (!answer.IsDone && answer.Code != Exists)
            {
                throw new ProblemException(Refused(image, answer));
            }
        }
        known[image.Name] = true;
    }

    internal static AwsCall Describe((string Account, string Region) place, string repository) =>
        Call(place, "DescribeRepositories", new() { ["repositoryNames"] = new JsonArray(repository) });

    internal static AwsCall Create((string Account, string Region) place, string repository) =>
        Call(
            place,
            "CreateRepository",
            new()
            {
                ["repositoryName"] = repository,
                ["imageTagMutability"] = "IMMUTABLE",
                ["imageScanningConfiguration"] = new JsonObject { ["scanOnPush"] = true },
                ["tags"] = new JsonArray(new JsonObject { ["Key"] = "managed-by", ["Value"] = "fairlead" }),
            }
        );

    // Who may push need not be able to look: then sending it tells whether it is there.
    private async Task<bool> IsMissingAsync(AwsCall call, CancellationToken stop)
    {
        try
        {
            return await aws.AskAsync(call, stop) is { Code: Unknown };
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private static AwsCall Call((string Account, string Region) place, string action, JsonObject body)
    {
        body["registryId"] = place.Account;
        return new("ecr", action, "POST", "/")
        {
            Region = place.Region,
            Headers = new Dictionary<string, string> { ["X-Amz-Target"] = $"{Target}.{action}" },
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
            ContentType = "application/x-amz-json-1.1",
        };
    }

    private static Problem Refused(ImageReference image, AwsAnswer answer) =>
        new(
            "registry.ecr",
            What: $"The repository {image.Repository} is not at {image.Host}, and could not be made.",
            Why: $"It answered {answer.Status} {answer.Code}: {answer.Message}",
            Fix: $"Make it: aws ecr create-repository --repository-name {image.Repository}"
        );

    // 123456789012.dkr.ecr.eu-west-1.amazonaws.com
    [GeneratedRegex(
        @"^(?<account>[0-9]{12})\.dkr\.ecr(-fips)?\.(?<region>[a-z0-9-]{1,32})\.amazonaws\.com$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    internal static partial Regex Host();
}
