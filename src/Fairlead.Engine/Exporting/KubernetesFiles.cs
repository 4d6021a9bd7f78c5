using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Network.Formats;
using Fairlead.Engine.Manifests;

namespace Fairlead.Engine.Exporting;

/// <summary>A file of an export.</summary>
/// <param name="Path">Relative, such as <c>templates/api.yaml</c>.</param>
public sealed record ExportFile(string Path, string Text);

/// <summary>An app as files that others apply.</summary>
public static class KubernetesFiles
{
    // Stands for what a chart fills in; no value of a manifest can hold such a letter's like by accident.
    private const char Mark = '\u0001';

    private const string ApplicationFile = "argocd.application.yaml";

    /// <returns>The files, and what is lost on the way.</returns>
    public static (IReadOnlyList<ExportFile> Files, IReadOnlyList<string> Warnings) Write(
        LoadedApp app,
        KubernetesShape shape,
        KubernetesSettings settings
    )
    {
        var objects = KubernetesObjects.Of(app, settings);
        IReadOnlyList<ExportFile> files = shape switch
        {
            KubernetesShape.Manifests => Grouped(objects, app, ""),
            KubernetesShape.Kustomize => Kustomize(objects, app, settings),
            KubernetesShape.Helm => Helm(objects, app),
            _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "is no shape"),
        };
        return (
            settings.Argo is { } source ? [.. files, Application(app, shape, (settings.Namespace, source))] : files,
            [.. KubernetesObjects.Warnings(app, settings)]
        );
    }

    /// <summary>A file for each service, and one for the rest.</summary>
    private static List<ExportFile> Grouped(IReadOnlyList<JsonObject> objects, LoadedApp app, string folder) =>
        [
            .. objects
                .GroupBy(one =>
                    ServiceOf(one, app) ?? (one["kind"]!.GetValue<string>() is "Namespace" ? "namespace" : "routes")
                ) // Each has a kind.
                .Select(group => new ExportFile($"{folder}{group.Key}.yaml", YamlText.Of([About(app)], group))),
        ];

    /// <summary>What has Argo CD follow the files, wherever they are put; it removes nothing when it is removed itself.</summary>
    private static ExportFile Application(
        LoadedApp app,
        KubernetesShape shape,
        (string Namespace, ArgoSource Source) to
    )
    {
        var source = new JsonObject
        {
            ["repoURL"] = to.Source.Repository,
            ["targetRevision"] = to.Source.Revision,
            ["path"] = to.Source.Path,
        };
        if (shape is KubernetesShape.Manifests)
        {
            // It lies beside what it leads to, and is no part of it.
            source["directory"] = new JsonObject { ["exclude"] = ApplicationFile };
        }
        var made = new JsonObject
        {
            ["apiVersion"] = "argoproj.io/v1alpha1",
            ["kind"] = "Application",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{app.Site.App}-{app.Site.Environment}",
                ["namespace"] = "argocd",
                ["labels"] = new JsonObject
                {
                    ["app.kubernetes.io/part-of"] = app.App,
                    ["app.kubernetes.io/managed-by"] = "fairlead",
                },
            },
            ["spec"] = new JsonObject
            {
                ["project"] = "default",
                ["source"] = source,
                ["destination"] = new JsonObject
                {
                    ["server"] = "https://kubernetes.default.svc",
                    ["namespace"] = to.Namespace,
                },
                ["syncPolicy"] = new JsonObject
                {
                    ["automated"] = new JsonObject { ["prune"] = true, ["selfHeal"] = true },
                    ["syncOptions"] = new JsonArray("CreateNamespace=true", "ServerSideApply=true"),
                },
            },
        };
        return new(ApplicationFile, YamlText.Of([About(app)], [made]));
    }

    private static string About(LoadedApp app) =>
        $"{app.Site}, written by 'fairlead export kubernetes' from its fairlead.yaml. Change it there.";

    // A service's objects are called by its name, or by it and a word; the app's own routes may be called like a service.
    private static string? ServiceOf(JsonObject one, LoadedApp app)
    {
        if (one["kind"]!.GetValue<string>() is "Namespace" or "Ingress" or "HTTPRoute")
        {
            return null;
        }
        var name = one["metadata"]!["name"]!.GetValue<string>();
        return app
            .Services.Select(service => service.Service.Name)
            .FirstOrDefault(service => name == service || name == $"{service}-preview");
    }

    private static List<ExportFile> Kustomize(
        IReadOnlyList<JsonObject> objects,
        LoadedApp app,
        KubernetesSettings settings
    )
    {
        var files = Grouped(objects, app, "");
        var kustomization = new JsonObject
        {
            ["apiVersion"] = "kustomize.config.k8s.io/v1beta1",
            ["kind"] = "Kustomization",
            ["namespace"] = settings.Namespace,
            ["resources"] = new JsonArray([.. files.Select(file => (JsonNode)file.Path)]),
        };
        return [new ExportFile("kustomization.yaml", YamlText.Of([About(app)], [kustomization])), .. files];
    }

    private static List<ExportFile> Helm(IReadOnlyList<JsonObject> objects, LoadedApp app)
    {
        var values = new JsonObject { ["images"] = new JsonObject(), ["replicas"] = new JsonObject() };
        // Helm makes the namespace itself, or is told to.
        var own = objects.Where(one => one["kind"]!.GetValue<string>() is not "Namespace").ToList();
        foreach (var one in own)
        {
            one["metadata"]!.AsObject()["namespace"] = $"{Mark}.Release.Namespace{Mark}";
            if (one["spec"]?["template"] is { } template)
            {
                var name = one["metadata"]!["name"]!.GetValue<string>();
                var container = template["spec"]!["containers"]![0]!;
                values["images"]![name] = container["image"]!.GetValue<string>();
                container["image"] = $"{Mark}index .Values.images \"{name}\"{Mark}";
                if (one["spec"]!["replicas"] is { } replicas) // It has none where an autoscaler says how many.
                {
                    values["replicas"]![name] = replicas.GetValue<int>();
                    one["spec"]!["replicas"] = $"{Mark}index .Values.replicas \"{name}\"{Mark}";
                }
            }
        }
        var chart = new JsonObject
        {
            ["apiVersion"] = "v2",
            ["name"] = app.App,
            ["description"] = $"{app.App} as Fairlead describes it",
            ["type"] = "application",
            ["version"] = "0.1.0",
        };
        return
        [
            new ExportFile("Chart.yaml", YamlText.Of([About(app)], [chart])),
            new ExportFile("values.yaml", YamlText.Of([About(app)], [values])),
            .. Grouped(own, app, "templates/").Select(file => file with { Text = Templated(file.Text) }),
        ];
    }

    // What looks like a template in a value is none; what we marked becomes one.
    private static string Templated(string text)
    {
        var written = new System.Text.StringBuilder();
        foreach (var line in text.Replace("{{", "{{ \"{{\" }}", StringComparison.Ordinal).Split('\n'))
        {
            var begin = line.IndexOf("\"\\u0001", StringComparison.Ordinal);
            var end = line.LastIndexOf("\\u0001\"", StringComparison.Ordinal);
            if (begin >= 0 && end > begin)
            {
                var inside = line[(begin + 7)..end]
                    .Replace("\\\"", "\"", StringComparison.Ordinal)
                    .Replace("\\u0022", "\"", StringComparison.Ordinal);
                written.Append(CultureInfo.InvariantCulture, $"{line[..begin]}{{{{ {inside} }}}}\n");
            }
            else
            {
                written.Append(line).Append('\n');
            }
        }
        // The last line's end came with the split.
        return written.ToString(0, written.Length - 1);
    }
}
