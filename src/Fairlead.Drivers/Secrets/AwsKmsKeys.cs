using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Secrets;

/// <summary>Master keys in AWS KMS (its JSON API of 2014-11-01). They never leave it: it wraps and unwraps, and can refuse any time.</summary>
/// <param name="open">Opens AWS of a region.</param>
public sealed class AwsKmsKeys(Func<string?, AwsJson> open, World world) : IMasterKeys
{
    private const string Target = "TrentService";

    public string Kind => "aws-kms";

    public async Task<MasterKey> MakeAsync(IReadOnlyDictionary<string, string> settings, CancellationToken stop)
    {
        if (settings.GetValueOrDefault("key") is not { Length: > 0 } name)
        {
            throw new ProblemException(
                new Problem(
                    "secret.kms-key",
                    What: "AWS KMS was not told which key wraps.",
                    Why: "Its key id, ARN or alias is needed.",
                    Fix: "Write for example: fairlead secret rekey --to aws-kms --set key=alias/fairlead"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var kept = new Dictionary<string, string>(settings);
        var answer = await Open(kept).AskAsync(Target, "DescribeKey", new() { ["KeyId"] = name }, stop);
        var metadata = answer["KeyMetadata"]!; // The API's reference has it in every answer.
        // The key itself, since an alias may point elsewhere tomorrow.
        kept["key"] = metadata["Arn"]!.GetValue<string>();
        return new(metadata["KeyId"]!.GetValue<string>(), Kind, kept, world.Now);
    }

    public async Task<byte[]> WrapAsync(MasterKey key, byte[] dataKey, byte[] label, CancellationToken stop)
    {
        var answer = await Open(key.Settings)
            .AskAsync(
                Target,
                "Encrypt",
                new()
                {
                    ["KeyId"] = key.Settings["key"],
                    ["Plaintext"] = Convert.ToBase64String(dataKey),
                    ["EncryptionContext"] = Context(label),
                },
                stop
            );
        return Convert.FromBase64String(answer["CiphertextBlob"]!.GetValue<string>());
    }

    public async Task<byte[]> UnwrapAsync(MasterKey key, byte[] wrapped, byte[] label, CancellationToken stop)
    {
        try
        {
            var answer = await Open(key.Settings)
                .AskAsync(
                    Target,
                    "Decrypt",
                    new()
                    {
                        ["KeyId"] = key.Settings["key"],
                        ["CiphertextBlob"] = Convert.ToBase64String(wrapped),
                        ["EncryptionContext"] = Context(label),
                    },
                    stop
                );
            return Convert.FromBase64String(answer["Plaintext"]!.GetValue<string>());
        }
        catch (ProblemException caught)
            when (caught.Problem.Why.Contains("InvalidCiphertext", StringComparison.Ordinal))
        {
            throw new CryptographicException(caught.Problem.Why, caught);
        }
    }

    // Who may destroy it is said in AWS.
    public Task ForgetAsync(MasterKey key, CancellationToken stop) => Task.CompletedTask;

    private AwsJson Open(IReadOnlyDictionary<string, string> settings) => open(settings.GetValueOrDefault("region"));

    // KMS shows it in its own log, which is meant: names, never values.
    private static JsonObject Context(byte[] label) =>
        new() { ["fairlead"] = System.Text.Encoding.UTF8.GetString(label) };
}
