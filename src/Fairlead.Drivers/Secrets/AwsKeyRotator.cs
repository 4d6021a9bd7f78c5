using System.Text.Json.Nodes;
using System.Xml.Linq;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>
/// Rotates the access key of an IAM user, which may have two. The value is JSON with <c>AccessKeyId</c> and <c>SecretAccessKey</c>,
/// or with <c>--set format=file</c> a file of credentials, as AWS_SHARED_CREDENTIALS_FILE wants it.
/// </summary>
public sealed class AwsKeyRotator(AwsJson aws) : ISecretRotator
{
    private const int KeysMax = 2;

    public string Kind => "aws-key";

    public async Task<Secret> NextAsync(SecretTurn turn, CancellationToken stop)
    {
        var user = UserOf(turn);
        var current = turn.Newest is { } newest ? IdOf(newest) : null;
        var known = await KeysAsync(user, stop);
        // One of an unfinished rotation: nobody was given it. Where none is known to be ours, nothing is taken away.
        foreach (var stray in known.Count < KeysMax || current is null ? [] : known.Where(id => id != current))
        {
            await DeleteAsync(user, stray, stop);
        }
        var made = await aws.AskIamAsync(
            "CreateAccessKey",
            new Dictionary<string, string> { ["UserName"] = user },
            stop
        );
        var (id, key) = (Word(made, "AccessKeyId"), Word(made, "SecretAccessKey"));
        return new(
            turn.Settings.GetValueOrDefault("format") is "file"
                ? $"[default]\naws_access_key_id = {id}\naws_secret_access_key = {key}\n"
                : new JsonObject { ["AccessKeyId"] = id, ["SecretAccessKey"] = key }.ToJsonString()
        );
    }

    public async Task RetireAsync(SecretTurn turn, Secret old, CancellationToken stop)
    {
        var user = UserOf(turn);
        if (IdOf(old) is { } id && (await KeysAsync(user, stop)).Contains(id))
        {
            await DeleteAsync(user, id, stop);
        }
    }

    private async Task<IReadOnlyList<string>> KeysAsync(string user, CancellationToken stop)
    {
        var fields = new Dictionary<string, string> { ["UserName"] = user };
        var answer = await aws.AskIamAsync("ListAccessKeys", fields, stop);
        return [.. answer.Descendants().Where(one => one.Name.LocalName == "AccessKeyId").Select(one => one.Value)];
    }

    private async Task DeleteAsync(string user, string id, CancellationToken stop)
    {
        var fields = new Dictionary<string, string> { ["UserName"] = user, ["AccessKeyId"] = id };
        try
        {
            await aws.AskIamAsync("DeleteAccessKey", fields, stop);
        }
        catch (ProblemException caught) when (caught.Problem.Why.Contains("NoSuchEntity", StringComparison.Ordinal))
        {
            // Someone else was quicker.
        }
    }

    /// <summary>The id in either format; null when it is in none.</summary>
    internal static string? IdOf(Secret secret)
    {
        var text = secret.Reveal();
        if (text.StartsWith('{'))
        {
            try
            {
                return JsonNode.Parse(text)?["AccessKeyId"]?.GetValue<string>();
            }
            catch (System.Text.Json.JsonException)
            {
                return null;
            }
        }
        return text.Split('\n')
            .Select(line => line.Split('=', 2))
            .Where(pair => pair is [var name, _] && name.Trim() == "aws_access_key_id")
            .Select(pair => pair[1].Trim())
            .FirstOrDefault();
    }

    private static string Word(XElement answer, string name) =>
        answer.Descendants().First(one => one.Name.LocalName == name).Value;

    private static string UserOf(SecretTurn turn) =>
        turn.Settings.GetValueOrDefault("user") is { Length: > 0 } user
            ? user
            : throw new ProblemException(
                new Problem(
                    "secret.no-user",
                    What: "Nothing says whose access key is rotated.",
                    Why: "The IAM user's name is needed.",
                    Fix: "Write for example: --with aws-key --set user=deployer"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
}
