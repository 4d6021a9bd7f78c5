using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Registries;

/// <summary>Logins of Amazon's registries: its API gives a password that is good for twelve hours.</summary>
/// <param name="aws">AWS of a region; null when the server has no AWS credentials.</param>
public sealed class EcrCredentials(Func<string, AwsJson?> aws) : IRegistryCredentials
{
    private const string Target = "AmazonEC2ContainerRegistry_V20150921";

    public async Task<RegistryLogin?> FindAsync(string host, CancellationToken stop)
    {
        var match = EcrRepositories.Host().Match(host);
        if (!match.Success || aws(match.Groups["region"].Value) is not { } ecr)
        {
            return null;
        }
        var answer = await ecr.AskAsync(Target, "GetAuthorizationToken", [], stop);
        return Read(answer);
    }

    // {"authorizationData":[{"authorizationToken":"QVdTOnBhc3N3b3Jk","expiresAt":1.7e9,"proxyEndpoint":"https://123456789012.dkr.ecr.eu-west-1.amazonaws.com"}]}
    internal static RegistryLogin Read(JsonNode answer)
    {
        try
        {
            var token =
                answer["authorizationData"]?[0]?["authorizationToken"]?.GetValue<string>()
                ?? throw new FormatException("It holds no token.");
            var pair = Encoding.UTF8.GetString(Convert.FromBase64String(token));
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon < 0
                ? throw new FormatException("Its token is not of the form user:password.")
                : new(pair[..colon], pair[(colon + 1)..], "ECR");
        }
        catch (Exception caught)
            when (caught is FormatException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new ProblemException(
                new Problem(
                    "registry.ecr",
                    What: "ECR gave no login.",
                    Why: caught.Message,
                    Fix: "See what it answers: aws ecr get-authorization-token"
                ),
                caught
            );
        }
    }
}
