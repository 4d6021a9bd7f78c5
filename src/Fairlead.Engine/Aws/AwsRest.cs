using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Aws;

/// <summary>Writes requests in AWS's protocols. Pure.</summary>
internal static class AwsRest
{
    /// <summary>REST with JSON, as Lambda.</summary>
    public static AwsCall Json(string service, string action, string method, string path, JsonObject? body = null) =>
        new(service, action, method, path)
        {
            Body = body is null ? default : Encoding.UTF8.GetBytes(body.ToJsonString()),
            ContentType = body is null ? null : "application/json",
        };

    /// <summary>JSON with the action in a header, as ECS.</summary>
    /// <param name="target">The API's name with its version, such as <c>AmazonEC2ContainerServiceV20141113</c>.</param>
    public static AwsCall Target(string service, string target, string action, JsonObject body) =>
        new(service, action, "POST", "/")
        {
            Headers = new Dictionary<string, string> { ["X-Amz-Target"] = $"{target}.{action}" },
            Body = Encoding.UTF8.GetBytes(body.ToJsonString()),
            ContentType = "application/x-amz-json-1.1",
        };

    /// <summary>A form that is answered in XML, as Elastic Load Balancing.</summary>
    public static AwsCall Query(
        string service,
        string version,
        string action,
        params IEnumerable<(string Name, string Value)> fields
    ) =>
        new(service, action, "POST", "/")
        {
            Body = Encoding.UTF8.GetBytes(
                string.Join(
                    '&',
                    new[] { ("Action", action), ("Version", version) }
                        .Concat(fields)
                        .Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2)}")
                )
            ),
            ContentType = "application/x-www-form-urlencoded; charset=utf-8",
        };

    /// <summary>Names are escaped as a part of a path; slashes stay.</summary>
    public static string Path(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
