using Fairlead.Drivers.Aws;
using Fairlead.Model.Ports;

namespace Fairlead.Drivers.Pipelines.Shared;

/// <summary>A bucket of S3, or of a store that speaks as it does.</summary>
/// <param name="prefix">Before the names of all objects, with <c>/</c> at its end; or empty.</param>
internal sealed class S3BlobRequests(S3Place place, string prefix, Func<AwsKeys> keys, World world) : IBlobRequests
{
    public string Shown => $"s3://{place.Bucket}/{prefix}";

    public HttpRequestMessage Of(HttpMethod method, Blob blob, string? digest)
    {
        var request = new HttpRequestMessage(method, place.AddressOf($"{prefix}{blob}"));
        new AwsSignature(keys(), place.Region, "s3").Sign(request, digest ?? AwsSignature.Empty, world.Now);
        return request;
    }
}
