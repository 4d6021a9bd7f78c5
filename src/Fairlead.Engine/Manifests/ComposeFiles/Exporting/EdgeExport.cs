using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Manifests.ComposeFiles.Exporting;

/// <summary>A proxy in front of several services, which knows the manifest's routes and nothing else of the edge.</summary>
internal static class EdgeExport
{
    public const string ConfigName = "edge";
    private const int Port = 8080;

    public static JsonObject Service(string name, IEnumerable<(Service Service, bool HasHealth)> behind)
    {
        var conditions = new JsonObject();
        foreach (var (service, hasHealth) in behind)
        {
            conditions[service.Name] = new JsonObject
            {
                ["condition"] = hasHealth ? "service_healthy" : "service_started",
            };
        }
        return new JsonObject
        {
            ["image"] = Images.Pages,
            ["depends_on"] = conditions,
            ["ports"] = new JsonArray($"127.0.0.1:8080:{Port}"),
            ["configs"] = new JsonArray(
                new JsonObject { ["source"] = ConfigName, ["target"] = "/etc/nginx/conf.d/default.conf" }
            ),
            ["read_only"] = true,
            ["tmpfs"] = new JsonArray("/tmp"),
            ["cap_drop"] = new JsonArray("ALL"),
            ["security_opt"] = new JsonArray("no-new-privileges:true"),
            ["restart"] = "unless-stopped",
        };
    }

    /// <summary>What nginx is told.</summary>
    /// <param name="ports">Each service's port.</param>
    public static string Config(IEnumerable<Service> services, IReadOnlyDictionary<string, int> ports)
    {
        var text = new StringBuilder($"server {{\n  listen {Port};\n  client_max_body_size 0;\n");
        foreach (
            var (route, name) in services
                .SelectMany(static service => service.Routes.Select(route => (route, service.Name)))
                .OrderByDescending(static one => one.route.Length)
                .ThenBy(static one => one.route, StringComparer.Ordinal)
        )
        {
            // A route holds for itself and all below it, as at the edge.
            string[] places = route == "/" ? ["/"] : [$"= {route}", $"{route}/"];
            foreach (var place in places)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  location {place} {{\n    proxy_pass http://{name}:{ports[name]};\n"
                );
                text.Append("    proxy_http_version 1.1;\n    proxy_set_header Host $http_host;\n");
                text.Append(
                    "    proxy_set_header X-Forwarded-For $remote_addr;\n    proxy_set_header X-Forwarded-Proto $scheme;\n  }\n"
                );
            }
        }
        return text.Append("}\n").ToString();
    }
}
