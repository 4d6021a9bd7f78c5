namespace Fairlead.Drivers.Aws;

/// <summary>As whom AWS is asked.</summary>
public sealed record AwsKeys(string AccessKeyId, string SecretAccessKey)
{
    /// <summary>Of credentials that end by themselves.</summary>
    public string? SessionToken { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"AWS as {AccessKeyId}";
}
