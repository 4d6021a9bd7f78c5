using System.Text;
using Fairlead.Model.Ports;

namespace Fairlead.Scenarios.Aws;

/// <summary>The same deployments, as files in a bucket that a distribution shows.</summary>
public sealed class SiteScenarios
{
    private const string Bucket = "shop-web";
    private const string Folder = "shop/production/web";

    [Fact]
    public async Task A_site_is_switched_at_once_keeps_what_open_pages_ask_for_and_is_rolled_back()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        await BucketAsync(moto, Bucket);
        var front = await DistributionAsync(moto, "shop.example.com");
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(platform, front);

        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal($"/{Folder}/releases/1", await OriginPathAsync(moto, front));
        Assert.Equal(
            ["app.3f2a9c1b.js", "docs/index.html", "index.html", "logo.svg"],
            await FilesAsync(moto, $"{Folder}/releases/1/")
        );
        var page = await ObjectAsync(moto, $"{Folder}/releases/1/index.html");
        Assert.Equal(
            ("text/html; charset=utf-8", "no-cache", "<script src=app.3f2a9c1b.js></script>\n"),
            (page.Headers["Content-Type"], page.Headers["Cache-Control"], page.Text())
        );
        var script = await ObjectAsync(moto, $"{Folder}/releases/1/app.3f2a9c1b.js");
        Assert.Equal(
            ("text/javascript; charset=utf-8", "public, max-age=31536000, immutable"),
            (script.Headers["Content-Type"], script.Headers["Cache-Control"])
        );

        // Another script: the first one stays for pages that are open.
        File.Delete(Path.Combine(folder, "public", "app.3f2a9c1b.js"));
        Write(folder, "app.77e1c0d2.js", "2");
        Write(folder, "index.html", "<script src=app.77e1c0d2.js></script>\n");
        await SucceedsAsync(platform.DeployAsync(folder));
        Assert.Equal($"/{Folder}/releases/2", await OriginPathAsync(moto, front));
        Assert.Equal(
            ["app.3f2a9c1b.js", "app.77e1c0d2.js", "docs/index.html", "index.html", "logo.svg"],
            await FilesAsync(moto, $"{Folder}/releases/2/")
        );
        Assert.Equal(
            ["/", "/docs/", "/docs/index.html", "/index.html"],
            (await InvalidatedAsync(moto, front)).Distinct().Order(StringComparer.Ordinal)
        );

        await SucceedsAsync(platform.RunAsync("rollback", "shop"));
        Assert.Equal($"/{Folder}/releases/1", await OriginPathAsync(moto, front));
    }

    [Fact]
    public async Task A_site_that_no_distribution_shows_and_a_folder_of_somebody_else_are_said()
    {
        await using var moto = await MotoUnderTest.StartAsync();
        await BucketAsync(moto, Bucket);
        await using var platform = await Voyages.Platform.StartAsync(moto.Env);
        var folder = App(platform, front: null);

        var lost = await platform.DeployAsync(folder);
        Assert.True(lost.Code != 0, lost.ToString());
        Assert.Contains("There is no distribution for shop.example.com", lost.Messages, StringComparison.Ordinal);

        var front = await DistributionAsync(moto, "shop.example.com");
        await moto.AskAsync(
            new("s3", "PutObject", "PUT", $"/{Folder}/fairlead.json")
            {
                Bucket = Bucket,
                Body = Encoding.UTF8.GetBytes(
                    """{"app":"other","environment":"production","service":"web","owner":"x","fence":1}"""
                ),
            }
        );
        Write(folder, "index.html", "another\n");
        var refused = await platform.DeployAsync(folder);
        Assert.True(refused.Code != 0, refused.ToString());
        Assert.Contains("does not belong to this app", refused.Messages, StringComparison.Ordinal);
        Assert.Equal("", await OriginPathAsync(moto, front));
    }

    private static string App(Voyages.Platform platform, string? front)
    {
        var folder = platform.App(
            "shop",
            $$"""
            app: shop
            services:
              web:
                kind: web
                path: public
                output: .
                aws: { site: { bucket: {{Bucket}}{{(front is null ? "" : $", distribution: {front}")}} } }
            environments:
              production: { target: aws, hosts: [shop.example.com], tls: off }
            """
        );
        Write(folder, "index.html", "<script src=app.3f2a9c1b.js></script>\n");
        Write(folder, "docs/index.html", "docs\n");
        Write(folder, "app.3f2a9c1b.js", "1");
        Write(folder, "logo.svg", "<svg/>");
        return folder;
    }

    private static void Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, "public", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static Task BucketAsync(MotoUnderTest moto, string name) =>
        moto.AskAsync(
            new("s3", "CreateBucket", "PUT", "/")
            {
                Bucket = name,
                Body = Encoding.UTF8.GetBytes(
                    $"<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>{MotoUnderTest.Region}</LocationConstraint></CreateBucketConfiguration>"
                ),
            }
        );

    /// <returns>Its id.</returns>
    private static async Task<string> DistributionAsync(MotoUnderTest moto, string host)
    {
        var made = await moto.AskAsync(
            new("cloudfront", "CreateDistribution", "POST", "/2020-05-31/distribution")
            {
                IsGlobal = true,
                ContentType = "application/xml",
                Body = Encoding.UTF8.GetBytes(
                    $"""
                    <DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
                      <CallerReference>{host}</CallerReference>
                      <Aliases><Quantity>1</Quantity><Items><CNAME>{host}</CNAME></Items></Aliases>
                      <DefaultRootObject>index.html</DefaultRootObject>
                      <Origins><Quantity>1</Quantity><Items><Origin>
                        <Id>files</Id><DomainName>{Bucket}.s3.{MotoUnderTest.Region}.amazonaws.com</DomainName><OriginPath></OriginPath>
                        <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>
                      </Origin></Items></Origins>
                      <DefaultCacheBehavior><TargetOriginId>files</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy><Compress>true</Compress></DefaultCacheBehavior>
                      <Comment></Comment><Enabled>true</Enabled>
                    </DistributionConfig>
                    """
                ),
            }
        );
        return made.Xml().Descendants().First(one => one.Name.LocalName == "Id").Value;
    }

    private static async Task<string> OriginPathAsync(MotoUnderTest moto, string front)
    {
        var answer = await moto.AskAsync(
            new("cloudfront", "GetDistributionConfig", "GET", $"/2020-05-31/distribution/{front}/config")
            {
                IsGlobal = true,
            }
        );
        return answer.Xml().Descendants().First(one => one.Name.LocalName == "OriginPath").Value;
    }

    private static async Task<IReadOnlyList<string>> InvalidatedAsync(MotoUnderTest moto, string front)
    {
        var all = new List<string>();
        var path = $"/2020-05-31/distribution/{front}/invalidation";
        var list = await moto.AskAsync(new("cloudfront", "ListInvalidations", "GET", path) { IsGlobal = true });
        foreach (var id in list.Xml().Descendants().Where(one => one.Name.LocalName == "Id").Select(one => one.Value))
        {
            var one = await moto.AskAsync(
                new("cloudfront", "GetInvalidation", "GET", $"{path}/{id}") { IsGlobal = true }
            );
            all.AddRange(
                one.Xml().Descendants().Where(word => word.Name.LocalName == "Path").Select(word => word.Value)
            );
        }
        return all;
    }

    private static async Task<IReadOnlyList<string>> FilesAsync(MotoUnderTest moto, string prefix)
    {
        var list = await moto.AskAsync(
            new("s3", "ListBucket", "GET", $"/?list-type=2&prefix={Uri.EscapeDataString(prefix)}") { Bucket = Bucket }
        );
        return
        [
            .. list.Xml()
                .Descendants()
                .Where(one => one.Name.LocalName == "Key")
                .Select(one => one.Value[prefix.Length..])
                .Order(StringComparer.Ordinal),
        ];
    }

    private static Task<AwsAnswer> ObjectAsync(MotoUnderTest moto, string key) =>
        moto.AskAsync(new("s3", "GetObject", "GET", $"/{key}") { Bucket = Bucket });

    private static async Task SucceedsAsync(Task<Voyages.Platform.Answer> answer)
    {
        var said = await answer;
        Assert.True(said.Code == 0, said.ToString());
    }
}
