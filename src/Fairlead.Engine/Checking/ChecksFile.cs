using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Checking.Bundles;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Manifests.Forms;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Checking;

/// <summary><c>fairlead.checks.yaml</c> as it is written: what is checked of an API or a site, and what is allowed.</summary>
[Description("What is checked of an API or a site before it is released, and what is allowed.")]
public sealed record ChecksFile
{
    /// <summary>What the file is called, beside the pipeline.</summary>
    public const string Name = "fairlead.checks.yaml";

    [Description("How the API's document may change.")]
    public OpenApiEntry? Openapi { get; init; }

    [Description("What load the service must bear.")]
    public LoadEntry? Load { get; init; }

    [Description("How the running service is asked for what its document promises.")]
    public ContractEntry? Contract { get; init; }

    [Description("How large what the build makes may be.")]
    public BundleEntry? Bundle { get; init; }

    [Description("Which pages of a site are looked at in a browser, and what must hold.")]
    public PagesEntry? Site { get; init; }

    [Description("What of a running service is looked at for what helps whoever attacks it.")]
    public DastEntry? Dast { get; init; }

    [Description("Hosts beside this machine that checks may send requests to.")]
    [Shaped(Shape.Host)]
    public IReadOnlyList<string>? Hosts { get; init; }
}

/// <summary>How the API's document may change.</summary>
[Description("How the API's document may change.")]
public sealed record OpenApiEntry
{
    [Description("The document; openapi.yaml, openapi.json or the like when left out.")]
    [Shaped(Shape.Folder), Alone, Elsewhere("file", "spec", "revision")]
    public string? Document { get; init; }

    [Description("What it is compared with: a file, or a file of a commit, such as main:openapi.yaml.")]
    [Elsewhere("against", "original")]
    public string? Base { get; init; }

    [Description("Changes as bad as this make the check fail: breaking, risky or none; breaking when left out.")]
    [Elsewhere("fail-on", "failOn", "severity")]
    public string? Fail { get; init; }

    [Description("Changes that somebody accepts until a day.")]
    [Elsewhere("ignore", "waivers")]
    public IReadOnlyList<AllowanceEntry>? Allow { get; init; }
}

/// <summary>A finding that somebody accepts until a day.</summary>
[Description("A finding that somebody accepts until a day.")]
public sealed record AllowanceEntry
{
    [Description("The finding's rule, as the check shows it; * for any.")]
    [Elsewhere("id")]
    public required string Rule { get; init; }

    [Description("Where it is, as the check shows it; * stands for any letters. Everywhere when left out.")]
    public string? Where { get; init; }

    [Description("Why it is accepted, for those who come later.")]
    public required string Reason { get; init; }

    [Description("The last day it is accepted, such as 2027-03-31; after it the allowance is a finding itself.")]
    [Shaped(Shape.Day)]
    public required string Until { get; init; }
}

/// <summary>What load the service must bear.</summary>
[Description("What load the service must bear.")]
public sealed record LoadEntry
{
    [Description("Where the service is, such as http://127.0.0.1:8080/; as --url says when left out.")]
    [Shaped(Shape.Url), Elsewhere("target")]
    public string? Url { get; init; }

    [Description("How many requests come, one stage after the other.")]
    [Elsewhere("steps", "scenarios")]
    public IReadOnlyList<LoadStageEntry>? Stages { get; init; }

    [Description("What is asked; the address itself when left out.")]
    public IReadOnlyList<LoadRequestEntry>? Requests { get; init; }

    [Description("What must hold over all stages, such as 'p99 < 250ms' or 'errors < 1%'.")]
    public IReadOnlyList<string>? Thresholds { get; init; }

    [Description(
        "How many requests may be under way; what is due beyond that is dropped and counted. 1000 when left out."
    )]
    [Range(1, 10_000)]
    public int? Open { get; init; }

    [Description("How long an answer may take; 30s when left out.")]
    [Elsewhere("timeout")]
    public TimeSpan? Wait { get; init; }
}

/// <summary>How many requests come, and for how long.</summary>
[Description("How many requests come, and for how long.")]
public sealed record LoadStageEntry
{
    [Description("Requests in so long a time, such as 50/1s.")]
    public required Rate Rate { get; init; }

    [Description("How long, such as 30s.")]
    [Elsewhere("duration")]
    public required TimeSpan For { get; init; }
}

/// <summary>A request of a load.</summary>
[Description("A request of a load.")]
public sealed record LoadRequestEntry
{
    [Description("GET when left out, POST with a body.")]
    [Shaped(Shape.Method)]
    public string? Method { get; init; }

    [Description("Path and query, such as /orders?limit=10.")]
    [Shaped(Shape.Address), Alone]
    public string? Path { get; init; }

    [Description("Headers by name.")]
    [Named(Shape.Header)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("What is sent in the body.")]
    public string? Body { get; init; }

    [Description("How often it comes beside others; 1 when left out.")]
    [Range(1, 1_000)]
    public int? Weight { get; init; }
}

/// <summary>How the running service is asked for what its document promises.</summary>
[Description("How the running service is asked for what its document promises.")]
public sealed record ContractEntry
{
    [Description("The document; that of 'openapi' when left out.")]
    [Shaped(Shape.Folder), Elsewhere("file", "spec")]
    public string? Document { get; init; }

    [Description("Where the service is, with the part of the path that comes before all paths of the document.")]
    [Shaped(Shape.Url), Alone]
    public string? Url { get; init; }

    [Description("Headers of all requests; ${NAME} stands for a variable of the caller's.")]
    [Named(Shape.Header)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("True asks also what changes something: POST, PUT, PATCH and DELETE.")]
    public bool? Writes { get; init; }

    [Description("Operations that are not asked, such as 'DELETE /users/*'; * stands for any letters.")]
    public IReadOnlyList<string>? Skip { get; init; }

    [Description("Findings that somebody accepts until a day.")]
    [Elsewhere("ignore", "waivers")]
    public IReadOnlyList<AllowanceEntry>? Allow { get; init; }
}

/// <summary>How large what the build makes may be.</summary>
[Description("How large what the build makes may be.")]
public sealed record BundleEntry
{
    [Description("The folder that the build makes; dist, build, out or public when left out, whichever is there.")]
    [Shaped(Shape.Folder), Alone, Elsewhere("path", "dist")]
    public string? Folder { get; init; }

    [Description("Sizes that may not be passed; 500kB of scripts and styles when left out.")]
    [Elsewhere("limits", "files")]
    public IReadOnlyList<BundleBudgetEntry>? Budgets { get; init; }

    [Description(
        "Sizes of before, which 'growth' is measured against: a file that --write made, or one of a commit, such as main:bundle-sizes.json."
    )]
    public string? Base { get; init; }
}

/// <summary>A size that may not be passed.</summary>
[Description("A size that may not be passed.")]
public sealed record BundleBudgetEntry
{
    [Description("What it is called; its page or its files when left out.")]
    public string? Name { get; init; }

    [Description("Files of the folder, such as 'assets/**/*.js'; all when left out.")]
    [Shaped(Shape.Glob)]
    public IReadOnlyList<string>? Files { get; init; }

    [Description("A page such as index.html: it and the scripts, styles and pictures that it asks for.")]
    [Shaped(Shape.Folder), Elsewhere("route")]
    public string? Page { get; init; }

    [Description("The most it may be, such as 170kB.")]
    [Elsewhere("maximum", "limit", "maxSize")]
    public ByteSize? Max { get; init; }

    [Description("True: the limit is of each file alone.")]
    public bool? Each { get; init; }

    [Description("How sizes are measured: raw, gzip or brotli; gzip when left out.")]
    [Elsewhere("compression")]
    public Packing? As { get; init; }

    [Description("How much it may grow against the base, such as 5%.")]
    public Percent? Growth { get; init; }
}

/// <summary>Which pages of a site are looked at in a browser, and what must hold.</summary>
[Description("Which pages of a site are looked at in a browser, and what must hold.")]
public sealed record PagesEntry
{
    [Description("Where the site is, such as http://127.0.0.1:8080/.")]
    [Shaped(Shape.Url), Alone]
    public string? Url { get; init; }

    [Description("Paths of pages, such as /prices; the address itself when left out.")]
    [Elsewhere("paths", "urls", "routes")]
    public IReadOnlyList<string>? Pages { get; init; }

    [Description("Sizes of the window, such as 1280x800; that and 390x844, a phone's, when left out.")]
    [Elsewhere("viewports", "sizes")]
    public IReadOnlyList<string>? Windows { get; init; }

    [Description("Rules of accessibility that are asked for, by the tags of axe; WCAG 2.2 up to AA when left out.")]
    [Elsewhere("tags")]
    public IReadOnlyList<string>? Accessibility { get; init; }

    [Description("Parts of pages that pictures leave out, as selectors of CSS, such as '.advert'.")]
    [Elsewhere("ignore", "hide")]
    public IReadOnlyList<string>? Masks { get; init; }

    [Description("The folder of approved pictures, which belongs into the repository; visual when left out.")]
    [Shaped(Shape.Folder), Elsewhere("baselines")]
    public string? Pictures { get; init; }

    [Description("How much of a page may differ, such as 0.01%; nothing when left out.")]
    public Percent? Tolerance { get; init; }

    [Description("The least that Lighthouse must say, from 0 to 100, by its category, such as performance: 90.")]
    [Named(Shape.Word), Range(0, 100)]
    public IReadOnlyDictionary<string, int>? Lighthouse { get; init; }

    [Description("Findings that somebody accepts until a day.")]
    [Elsewhere("waivers")]
    public IReadOnlyList<AllowanceEntry>? Allow { get; init; }
}

/// <summary>What of a running service is looked at for what helps whoever attacks it.</summary>
[Description("What of a running service is looked at for what helps whoever attacks it.")]
public sealed record DastEntry
{
    [Description("Where the service is, such as http://127.0.0.1:8080/.")]
    [Shaped(Shape.Url), Alone]
    public string? Url { get; init; }

    [Description("Paths of pages that no link leads to, such as /admin.")]
    [Elsewhere("paths", "urls")]
    public IReadOnlyList<string>? Pages { get; init; }

    [Description("Headers of all requests; ${NAME} stands for a variable of the caller's.")]
    [Named(Shape.Header)]
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    [Description("Findings that somebody accepts until a day.")]
    [Elsewhere("ignore", "waivers")]
    public IReadOnlyList<AllowanceEntry>? Allow { get; init; }
}
