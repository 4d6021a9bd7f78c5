using System.Diagnostics;

namespace Fairlead.Bench.Edge;

/// <summary>A proxy that people use today, started with one file of settings: one worker, kept connections, no access log.</summary>
internal sealed class ToolPeer(string name, Func<int, int, string, string> settings, params string[] words) : Peer(name)
{
    private Process? process;

    protected override int Pid => process!.Id;

    public static IReadOnlyList<Peer> All() =>
        [
            new ToolPeer("nginx", Nginx, "-c", "{file}"),
            new ToolPeer("haproxy", Haproxy, "-q", "-f", "{file}"),
            new ToolPeer("caddy", Caddy, "run", "--config", "{file}", "--adapter", "caddyfile"),
        ];

    public override async Task StartAsync(int upstream, string folder)
    {
        var file = Path.Combine(folder, $"{Name}.conf");
        await File.WriteAllTextAsync(file, settings(Port, upstream, folder));
        process = Programs.Start(
            Programs.Pinned(0, [Programs.Find(Name)!, .. words.Select(word => word.Replace("{file}", file))]),
            new Dictionary<string, string> { ["GOMAXPROCS"] = "1" }
        );
        await ListensAsync();
    }

    public override void Dispose()
    {
        process?.Kill(entireProcessTree: true);
        process?.Dispose();
    }

    private static string Nginx(int port, int upstream, string folder) =>
        $$"""
            worker_processes 1; daemon off; pid {{folder}}/nginx.pid; error_log /dev/null; worker_rlimit_nofile 18000;
            events { worker_connections 17000; }
            http {
              access_log off; keepalive_requests 100000000; sendfile on; default_type text/html;
              client_body_temp_path {{folder}}/a; proxy_temp_path {{folder}}/b; fastcgi_temp_path {{folder}}/c;
              uwsgi_temp_path {{folder}}/d; scgi_temp_path {{folder}}/e;
              map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
              upstream app { server 127.0.0.1:{{upstream}}; keepalive 256; keepalive_requests 100000000; }
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location /static/ { root {{folder}}; etag on; open_file_cache max=100; }
                location / {
                  proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection $connection_upgrade;
                  proxy_set_header Upgrade $http_upgrade; proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Host $host;
                  proxy_set_header X-Forwarded-Proto $scheme;
                }
              }
            }
            """;

    private static string Haproxy(int port, int upstream, string folder) =>
        $"""
            global
              nbthread 1
              maxconn 9900
            defaults
              mode http
              timeout connect 5s
              timeout client 120s
              timeout server 120s
              timeout tunnel 120s
              option forwardfor
              http-reuse always
            frontend entry
              bind 127.0.0.1:{port} backlog 4096
              default_backend app
            backend app
              http-request set-header X-Forwarded-Host %[req.hdr(Host)]
              http-request set-header X-Forwarded-Proto http
              server one 127.0.0.1:{upstream}

            """;

    private static string Caddy(int port, int upstream, string folder) =>
        $$"""
            {
              admin off
              auto_https off
              storage file_system {{folder}}/caddy
            }
            http://127.0.0.1:{{port}} {
              handle /static/* {
                root * {{folder}}
                file_server
              }
              reverse_proxy 127.0.0.1:{{upstream}} {
                transport http {
                  keepalive_idle_conns_per_host 256
                }
              }
            }

            """;
}
