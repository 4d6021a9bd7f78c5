using Fairlead.Engine.Infrastructure.Code.Bicep;
using Fairlead.Model.Resources;
using static Fairlead.Engine.Infrastructure.Code.Azure.AzureDraft;
using static Fairlead.Engine.Infrastructure.Code.CodeValue;

namespace Fairlead.Engine.Infrastructure.Code.Azure;

/// <summary>Files of sites behind Front Door, which reads them as itself: nobody else reads the account without a role there.</summary>
internal static class AzureCdn
{
    private const string Part = AzureParts.Traffic;
    private const string Reader = "front-door-identity";

    private static readonly string[] Compressed =
    [
        "application/javascript",
        "application/json",
        "application/manifest+json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
        "text/xml",
    ];

    // As browsers are told by CloudFront's own policy for safety.
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Strict-Transport-Security", "max-age=31536000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ];

    /// <summary>As whom the profile reads files; nothing where there are none.</summary>
    public static IEnumerable<(string, CodeValue)> Identity(AzureDraft draft)
    {
        if (!draft.Graph.All<Cdn>().Any())
        {
            return [];
        }
        var identity = draft.Add(AzureParts.Access, AzureTypes.Identity, Reader, Head(draft.Called(Reader, 128)));
        return
        [
            (
                "identity",
                Map(("type", "UserAssigned"), ("userAssignedIdentities", new Call(BicepText.Keys, [identity.At("id")])))
            ),
        ];
    }

    public static void Add(AzureDraft draft, Cdn cdn)
    {
        var profile = AzureTraffic.Profile(draft);
        AzureAccess.Give(draft, draft.Symbol(Reader), draft.Symbol(cdn.Bucket), AzureRole.ReadFiles);
        var endpoint = AzureTraffic.AddEndpoint(draft, cdn, cdn.Name);
        AddOrigin(draft, cdn, profile);
        var rules = AddRules(draft, cdn, profile);
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Route,
                (cdn, "files-route"),
                ("name", "files"),
                (
                    "properties",
                    Map([
                        .. AzureTraffic.Domains(draft, cdn.Certificate is null ? [] : cdn.Hosts),
                        ("originGroup", ById(draft.At(cdn, "id", "files"))),
                        ("originPath", $"/{AzureBuckets.Container(cdn.Bucket)}"),
                        ("ruleSets", List(ById(rules.At("id")))),
                        ("supportedProtocols", Texts(["Http", "Https"])),
                        ("patternsToMatch", List("/*")),
                        ("forwardingProtocol", "HttpsOnly"),
                        ("httpsRedirect", "Enabled"),
                        ("linkToDefaultDomain", "Enabled"),
                        ("enabledState", "Enabled"),
                        (
                            "cacheConfiguration",
                            Map(
                                ("queryStringCachingBehavior", "IgnoreQueryString"),
                                (
                                    "compressionSettings",
                                    Map(("isCompressionEnabled", true), ("contentTypesToCompress", Texts(Compressed)))
                                )
                            )
                        ),
                    ])
                )
            ) with
            {
                Parent = endpoint.Symbol,
                After = [draft.Symbol(cdn, "files-origin")],
            }
        );
        AddPrograms(draft, cdn, endpoint);
        draft.Note(
            $"Files of {cdn.Name} are put into the container {AzureBuckets.Container(cdn.Bucket)} of its account: az storage blob upload-batch --auth-mode login, as whoever {AzureAccess.Deployer} names."
        );
    }

    // Paths of programs go to them, and not by way of the balancer's own address.
    private static void AddPrograms(AzureDraft draft, Cdn cdn, BicepResource endpoint)
    {
        if (cdn.Behind is not { } balancer)
        {
            return;
        }
        foreach (var route in balancer.Routes)
        {
            string[] paths = [.. route.Paths.Intersect(cdn.BehindPaths)];
            if (paths.Length > 0)
            {
                AzureTraffic.AddRoute(
                    draft,
                    (balancer, route, paths),
                    endpoint,
                    cdn.Certificate is null ? [] : cdn.Hosts
                );
            }
        }
    }

    private static void AddOrigin(AzureDraft draft, Cdn cdn, BicepResource profile)
    {
        var group = draft.Add(
            draft.New(
                Part,
                AzureTypes.OriginGroup,
                (cdn, "files"),
                ("name", Short(cdn.Name, 90)),
                (
                    "properties",
                    Map(
                        (
                            "authentication",
                            Map(
                                ("type", "UserAssignedIdentity"),
                                ("scope", "https://storage.azure.com/.default"),
                                ("userAssignedIdentity", ById(draft.At(Reader, "id")))
                            )
                        ),
                        ("sessionAffinityState", "Disabled"),
                        ("loadBalancingSettings", AzureTraffic.Balancing)
                    )
                )
            ) with
            {
                Parent = profile.Symbol,
            }
        );
        CodeValue host = new Call(
            "replace",
            [new Call("replace", [draft.At(cdn.Bucket, "properties.primaryEndpoints.blob"), "https://", ""]), "/", ""]
        );
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Origin,
                (cdn, "files-origin"),
                ("name", "files"),
                (
                    "properties",
                    Map(
                        ("hostName", host),
                        ("originHostHeader", host),
                        ("priority", 1),
                        ("weight", 1000),
                        ("enabledState", "Enabled"),
                        ("enforceCertificateNameCheck", true)
                    )
                )
            ) with
            {
                Parent = group.Symbol,
            }
        );
    }

    private static BicepResource AddRules(AzureDraft draft, Cdn cdn, BicepResource profile)
    {
        // Letters and digits only.
        var name = string.Concat(cdn.Name.Where(char.IsAsciiLetterOrDigit));
        var rules = draft.Add(
            draft.New(Part, AzureTypes.RuleSet, (cdn, "rules"), ("name", name)) with
            {
                Parent = profile.Symbol,
            }
        );
        AddRule(
            draft,
            (cdn, rules, "headers"),
            (1, "Continue"),
            [],
            [.. Headers.Select(static one => Header(one.Name, one.Value))]
        );
        if (cdn.IsOnePage)
        {
            AddRule(draft, (cdn, rules, "page"), (2, "Stop"), [HasNoEnding], [Rewrite("/index.html")]);
            return rules;
        }
        AddRule(
            draft,
            (cdn, rules, "folders"),
            (2, "Stop"),
            [Path("EndsWith", "/")],
            [Rewrite("/{url_path}index.html")]
        );
        AddRule(draft, (cdn, rules, "root"), (3, "Stop"), [Path("Equal", "")], [Rewrite("/index.html")]);
        AddRule(draft, (cdn, rules, "pages"), (4, "Stop"), [HasNoEnding], [Rewrite("/{url_path}/index.html")]);
        return rules;
    }

    private static void AddRule(
        AzureDraft draft,
        (Cdn Cdn, BicepResource Set, string Name) of,
        (int Order, string Then) how,
        IReadOnlyList<CodeValue> conditions,
        IReadOnlyList<CodeValue> actions
    ) =>
        draft.Add(
            draft.New(
                Part,
                AzureTypes.Rule,
                (of.Cdn, $"{of.Name}-rule"),
                ("name", of.Name),
                (
                    "properties",
                    Map(
                        ("order", how.Order),
                        ("matchProcessingBehavior", how.Then),
                        ("conditions", new Items(conditions)),
                        ("actions", new Items(actions))
                    )
                )
            ) with
            {
                Parent = of.Set.Symbol,
            }
        );

    // What has no ending is a page, and no file.
    private static CodeValue HasNoEnding { get; } =
        Map(
            ("name", "UrlFileExtension"),
            (
                "parameters",
                Map(
                    ("typeName", "DeliveryRuleUrlFileExtensionMatchConditionParameters"),
                    ("operator", "Any"),
                    ("negateCondition", true),
                    ("matchValues", List())
                )
            )
        );

    private static CodeValue Path(string @operator, string value) =>
        Map(
            ("name", "UrlPath"),
            (
                "parameters",
                Map(
                    ("typeName", "DeliveryRuleUrlPathMatchConditionParameters"),
                    ("operator", @operator),
                    ("negateCondition", false),
                    ("matchValues", List(value))
                )
            )
        );

    private static CodeValue Rewrite(string to) =>
        Map(
            ("name", "UrlRewrite"),
            (
                "parameters",
                Map(
                    ("typeName", "DeliveryRuleUrlRewriteActionParameters"),
                    ("sourcePattern", "/"),
                    ("destination", to),
                    ("preserveUnmatchedPath", false)
                )
            )
        );

    private static CodeValue Header(string name, string value) =>
        Map(
            ("name", "ModifyResponseHeader"),
            (
                "parameters",
                Map(
                    ("typeName", "DeliveryRuleHeaderActionParameters"),
                    ("headerAction", "Overwrite"),
                    ("headerName", name),
                    ("value", value)
                )
            )
        );
}
