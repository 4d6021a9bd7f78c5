namespace Fairlead.Drivers.Aws;

/// <summary>Where objects of a bucket are.</summary>
/// <param name="Endpoint">Where S3 is instead, such as a store of one's own; null for AWS itself.</param>
internal sealed record S3Place(string Bucket, string Region, Uri? Endpoint)
{
    /// <summary>An object's address: with the bucket in the host where its name can stand there, else in the path, as stores of one's own want it.</summary>
    public Uri AddressOf(string name)
    {
        var path = string.Join('/', name.Split('/').Select(Uri.EscapeDataString));
        return Endpoint is { } own ? new($"{own.AbsoluteUri.TrimEnd('/')}/{Bucket}/{path}")
            : Bucket.Contains('.', StringComparison.Ordinal) ? new($"https://s3.{Region}.amazonaws.com/{Bucket}/{path}")
            : new($"https://{Bucket}.s3.{Region}.amazonaws.com/{path}");
    }
}
