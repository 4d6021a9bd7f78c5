using Fairlead.Model.Resources;

namespace Fairlead.Engine.Infrastructure.Code.Aws;

/// <summary>What CloudFront wants to have said, in whatever tool's words.</summary>
internal static class AwsPages
{
    /// <summary>The only region whose certificates CloudFront takes.</summary>
    public const string CertificateRegion = "us-east-1";

    /// <summary>The hosted zone of all distributions, for records that lead to them.</summary>
    public const string Zone = "Z2FDTNDATAQYW2";

    // Policies that AWS keeps for everybody, which are known by id only.
    public const string CachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6";
    public const string CachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
    public const string AllViewer = "216adef6-5c7f-47e4-b989-5492eafa07d3";
    public const string SecurityHeaders = "67f7725c-6f97-4210-82d7-5512b31e9d03";

    private const string OnePage = """
        function handler(event) {
          var request = event.request;
          // What has no ending is a path of the page, which draws it itself.
          if (request.uri.split('/').pop().indexOf('.') === -1) {
            request.uri = '/index.html';
          }
          return request;
        }

        """;

    private const string ManyPages = """
        function handler(event) {
          var request = event.request;
          // A bucket knows files only: a folder's page is the index.html in it.
          if (request.uri.endsWith('/')) {
            request.uri += 'index.html';
          } else if (request.uri.split('/').pop().indexOf('.') === -1) {
            request.uri += '/index.html';
          }
          return request;
        }

        """;

    /// <summary>The program that leads a visitor's path to a file.</summary>
    public static string Paths(Cdn cdn) => cdn.IsOnePage ? OnePage : ManyPages;
}
