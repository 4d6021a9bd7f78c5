using System.Security.Cryptography;
using System.Text.Json;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>Names a plan by everything it follows from, so that what was approved is what is done.</summary>
public static class PlanDigest
{
    /// <returns>12 hex digits.</returns>
    public static string Of(Release? live, Release next)
    {
        var basis = new
        {
            Site = next.Site.ToString(),
            Live = live?.Number ?? 0,
            next.Hosts,
            next.Tls,
            next.Protection,
            // Not the part: the number of a release that is not made yet says nothing about its content.
            Services = next.Services.Select(one => new
            {
                // The same whatever number of copies its load asks for in this moment.
                Service = one.Service.AsReleased,
                one.Artifact,
                one.Strategy,
            }),
        };
        if (next.Databases is { } databases)
        {
            // Apart, so that plans of apps that say nothing of data are called as before.
            var data = JsonSerializer.SerializeToUtf8Bytes(databases, Records.Json);
            var rest = JsonSerializer.SerializeToUtf8Bytes(basis, Records.Json);
            return Convert.ToHexStringLower(SHA256.HashData([.. rest, .. data]))[..12];
        }
        return Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(basis, Records.Json)))[
            ..12
        ];
    }
}
