using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Aws;

/// <summary>
/// Whom AWS's own tools would ask as, by the variables and files that all of them read: <c>AWS_ACCESS_KEY_ID</c> and its like, else the profile
/// <c>AWS_PROFILE</c> (<c>default</c>) in <c>~/.aws/credentials</c> and <c>~/.aws/config</c>.
/// </summary>
/// <param name="variable">A variable's value; null when it is not set.</param>
public sealed class AwsKeyChain(Func<string, string?> variable)
{
    private const int FileBytesMax = 1 << 20;
    private const string Usual = "default";

    private string Profile => variable("AWS_PROFILE") is { Length: > 0 } named ? named : Usual;

    /// <exception cref="ProblemException">There are none, or not all of one.</exception>
    public AwsKeys Keys()
    {
        if (variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } id)
        {
            return variable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
                ? new(id, secret) { SessionToken = Filled(variable("AWS_SESSION_TOKEN")) }
                : throw new ProblemException(Missing("AWS_ACCESS_KEY_ID is set, and AWS_SECRET_ACCESS_KEY is not."));
        }
        foreach (var (path, section) in Places())
        {
            var words = AwsProfileFile.Read(TryRead(path), section);
            if (
                words.TryGetValue("aws_access_key_id", out var key)
                && words.TryGetValue("aws_secret_access_key", out var of)
            )
            {
                return new(key, of) { SessionToken = Filled(words.GetValueOrDefault("aws_session_token")) };
            }
        }
        throw new ProblemException(
            Missing(
                $"Neither the variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor a profile '{Profile}' in {string.Join(" or ", Places().Select(static one => one.Path))} say as whom."
            )
        );
    }

    /// <summary>The region that is set; null when none is.</summary>
    public string? Region() =>
        Filled(variable("AWS_REGION"))
        ?? Filled(variable("AWS_DEFAULT_REGION"))
        ?? Places()
            .Reverse()
            .Select(place =>
                Filled(AwsProfileFile.Read(TryRead(place.Path), place.Section).GetValueOrDefault("region"))
            )
            .FirstOrDefault(static one => one is not null);

    private IEnumerable<(string Path, string Section)> Places()
    {
        var home = Path.Combine(variable("HOME") ?? "/", ".aws");
        yield return (Filled(variable("AWS_SHARED_CREDENTIALS_FILE")) ?? Path.Combine(home, "credentials"), Profile);
        yield return (
            Filled(variable("AWS_CONFIG_FILE")) ?? Path.Combine(home, "config"),
            Profile == Usual ? Usual : $"profile {Profile}"
        );
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // One that is not there, or that is no text of a size that people write, says nothing.
    private static string TryRead(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= FileBytesMax } ? File.ReadAllText(path) : "";
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static Problem Missing(string why) =>
        new(
            "aws.no-credentials",
            What: "AWS cannot be asked.",
            Why: why,
            Fix: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where Fairlead is started, or write a profile: aws configure"
        )
        {
            Trouble = Trouble.NeedsPerson,
        };
}
