using System.Net;
using Fairlead.Model.Ports;
using Fairlead.Model.Resources;

namespace Fairlead.Drivers.Infrastructure.Terraform;

/// <summary>
/// Tells the provider of AWS what it must know where the address it is given is one of this machine: a simulator such as moto or
/// LocalStack, which knows neither hosts of buckets nor the machine's own role.
/// </summary>
internal static class Simulator
{
    public const string File = "simulator_override.tf";
    private const string Address = "AWS_ENDPOINT_URL";

    /// <summary>Null where AWS itself is meant.</summary>
    public static string? Override(ProvisionWork work)
    {
        if (
            work.Place.Cloud is not CloudKind.Aws
            || !work.Env.TryGetValue(Address, out var said)
            || !Uri.TryCreate(said, UriKind.Absolute, out var url)
            || !(url.IsLoopback || (IPAddress.TryParse(url.Host, out var address) && IPAddress.IsLoopback(address)))
        )
        {
            return null;
        }
        const string Settings = """
              s3_use_path_style           = true
              skip_credentials_validation = true
              skip_metadata_api_check     = true
              skip_region_validation      = true
              max_retries                 = 2
            """;
        var aliases = work.Files.Values.Any(static text =>
            text.Contains("alias  = \"us_east_1\"", StringComparison.Ordinal)
            || text.Contains("alias = \"us_east_1\"", StringComparison.Ordinal)
        );
        return $$"""
                provider "aws" {
                {{Settings}}
                }

                """
            + (
                aliases
                    ? $$"""
                        provider "aws" {
                          alias = "us_east_1"
                        {{Settings}}
                        }

                        """
                    : ""
            );
    }
}
