using Fairlead.Engine.Manifests.Detecting.Stacks;
using static Fairlead.Engine.Manifests.Detecting.Signs;

namespace Fairlead.Engine.Manifests.Detecting;

/// <summary>
/// What a folder can be, in order of precedence: the first rule whose signs are all seen wins. To know one more stack, add a
/// line in its place and a case in tests/Fairlead.Tests/Manifests/Detecting/Golden.
/// </summary>
internal static class AllRules
{
    public static IReadOnlyList<Rule> Rules { get; } =
    [
        // Apps for phones: they bring package.json, Gemfile and Gradle files of their own.
        new("expo", "mobile", [Npm("expo"), File("app.json", "app.config.js", "app.config.ts")], Plain.Expo),
        new(
            "react-native",
            "mobile",
            [Npm("react-native"), File("android/build.gradle", "android/build.gradle.kts")],
            Plain.ReactNative
        ),
        new(
            "flutter",
            "mobile",
            [Line(["pubspec.yaml"], @"^\s+sdk:\s*flutter\b", "uses the SDK of Flutter"), File("lib/main.dart")],
            Plain.Flutter
        ),
        new("maui", "mobile", [Dotnet.Mobile], Dotnet.Maui),
        new(
            "android",
            "mobile",
            [Android(), Not(Npm("react-native"), "package of its own")],
            sight => Plain.Android(sight, "", "android")
        ),
        new("xcode", "mobile", [Either(FolderEnding(".xcworkspace"), FolderEnding(".xcodeproj"))], Plain.Xcode),
        // Frameworks with a file that nobody else has; most of them bring a package.json for their assets.
        new("laravel", "php", [File("artisan"), Depends(ComposerPackage.Read, "laravel/framework")], Php.Laravel),
        new("rails", "ruby", [Gem("rails"), File("config/application.rb")], Ruby.Rails),
        new(
            "phoenix",
            "elixir",
            [Line(["mix.exs"], @"\{:phoenix,", "depends on phoenix")],
            sight => Elixir.Release(sight, "phoenix")
        ),
        new("django", "python", [File("manage.py"), Pip("django")], PythonRecipes.Django),
        new(
            "symfony",
            "php",
            [Depends(ComposerPackage.Read, "symfony/framework-bundle"), File("public/index.php")],
            sight => Php.Plain(sight, "symfony")
        ),
        // A project file of .NET says in one word what it is.
        new("aspnet", "dotnet", [Dotnet.Sdk("Microsoft.NET.Sdk.Web")], Dotnet.Web),
        new("aspnet", "dotnet", [Dotnet.AspNetLibrary], Dotnet.Web),
        new("blazor", "dotnet", [Dotnet.Sdk("Microsoft.NET.Sdk.BlazorWebAssembly")], Dotnet.Blazor),
        new("dotnet-worker", "dotnet", [Dotnet.Sdk("Microsoft.NET.Sdk.Worker")], Dotnet.Worker),
        new("dotnet", "dotnet", [Dotnet.Program], Dotnet.Console),
        // Compiled languages: what else is in the folder is embedded or served by them.
        new("quarkus", "java", [Line(["pom.xml"], "quarkus-maven-plugin", "is a plugin of Quarkus")], Jvm.Quarkus),
        new(
            "spring-boot",
            "java",
            [Line(["pom.xml"], "spring-boot-maven-plugin", "is a plugin of Spring Boot"), Jvm.MavenArchive],
            Jvm.SpringMaven
        ),
        new(
            "spring-boot",
            "java",
            [
                Line(
                    ["build.gradle.kts", "build.gradle"],
                    "org\\.springframework\\.boot",
                    "is a plugin of Spring Boot"
                ),
                Jvm.GradleArchive,
            ],
            Jvm.SpringGradle
        ),
        new("java", "java", [File("pom.xml"), Jvm.MainClass, Jvm.MavenArchive], Jvm.MavenProgram),
        new(
            "java",
            "java",
            [
                Line(
                    ["build.gradle.kts", "build.gradle"],
                    @"id\s*\(?['""]application['""]|^\s*application\s*$|apply plugin: ['""]application",
                    "is the application plugin"
                ),
                Jvm.GradleArchive,
            ],
            Jvm.GradleProgram
        ),
        new("go", "go", [File("go.mod"), Go.Main], Go.Program),
        new("axum", "rust", [Crate("axum"), Rust.Program], sight => Rust.Of(sight, "axum")),
        new("actix", "rust", [Crate("actix-web"), Rust.Program], sight => Rust.Of(sight, "actix")),
        new("rocket", "rust", [Crate("rocket"), Rust.Program], sight => Rust.Of(sight, "rocket")),
        new(
            "rust",
            "rust",
            [File("Cargo.toml"), Rust.Program, Not(File("tauri.conf.json"), "program without a window")],
            sight => Rust.Of(sight, "rust")
        ),
        // Servers that render pages, by Node; before Python, which such folders have for scripts.
        new("next", "node", [Npm("next")], NodeFrameworks.Next),
        new("nuxt", "node", [Npm("nuxt", "nuxt3")], NodeFrameworks.Nuxt),
        new(
            "remix",
            "node",
            [Npm("@remix-run/serve", "@react-router/serve"), NodeStart.Sign],
            sight => NodeRecipes.Server(sight, "remix")
        ),
        new(
            "sveltekit",
            "node",
            [Npm("@sveltejs/kit"), Npm("@sveltejs/adapter-node", "@sveltejs/adapter-static")],
            NodeFrameworks.SvelteKit
        ),
        new("astro", "node", [Npm("astro"), File(NodeFrameworks.Config("astro.config"))], NodeFrameworks.Astro),
        new("nest", "node", [Npm("@nestjs/core"), File("nest-cli.json", "src/main.ts")], NodeRecipes.Nest),
        // Frameworks of Python; before Node's libraries, which such folders have for their style sheets.
        new(
            "fastapi",
            "python",
            [Pip("fastapi"), PythonRecipes.AppObject("FastAPI")],
            sight => PythonRecipes.Asgi(sight, "fastapi", "FastAPI")
        ),
        new(
            "starlette",
            "python",
            [Pip("starlette"), PythonRecipes.AppObject("Starlette")],
            sight => PythonRecipes.Asgi(sight, "starlette", "Starlette")
        ),
        new("flask", "python", [Pip("flask"), PythonRecipes.AppObject("Flask")], PythonRecipes.Flask),
        new(
            "streamlit",
            "python",
            [Pip("streamlit"), File("streamlit_app.py", "app.py", "main.py", "Home.py", "src/app.py")],
            PythonRecipes.Streamlit
        ),
        new(
            "sinatra",
            "ruby",
            [Gem("sinatra"), File("config.ru", "app.rb", "server.rb", "main.rb")],
            sight => Ruby.Rack(sight, "sinatra")
        ),
        // Servers on other runtimes of JavaScript.
        new(
            "deno",
            "deno",
            [Either(File("deno.json", "deno.jsonc", "deno.lock"), Scripted.DenoStart), Scripted.DenoStart],
            Scripted.Deno
        ),
        new(
            "bun",
            "node",
            [File("bun.lock", "bun.lockb", "bunfig.toml", "package.json"), Scripted.BunServe],
            Scripted.Bun
        ),
        // Servers on Node; before the tools for pages, which they often bring along.
        new("express", "node", [Npm("express"), NodeStart.Sign], sight => NodeRecipes.Server(sight, "express")),
        new("fastify", "node", [Npm("fastify"), NodeStart.Sign], sight => NodeRecipes.Server(sight, "fastify")),
        new("koa", "node", [Npm("koa"), NodeStart.Sign], sight => NodeRecipes.Server(sight, "koa")),
        new("hono", "node", [Npm("@hono/node-server"), NodeStart.Sign], sight => NodeRecipes.Server(sight, "hono")),
        // Pages that a build writes.
        new(
            "cra",
            "node",
            [Npm("react-scripts")],
            sight => NodeRecipes.Site(sight, "cra", ["react-scripts", "build"], "build")
        ),
        new("angular", "node", [File("angular.json"), Npm("@angular/core")], NodeFrameworks.Angular),
        new(
            "gatsby",
            "node",
            [Npm("gatsby"), File(NodeFrameworks.Config("gatsby-config"))],
            sight => NodeRecipes.Site(sight, "gatsby", ["gatsby", "build"], "public")
        ),
        new(
            "docusaurus",
            "node",
            [Npm("@docusaurus/core"), File(NodeFrameworks.Config("docusaurus.config"))],
            sight => NodeRecipes.Site(sight, "docusaurus", ["docusaurus", "build"], "build")
        ),
        new(
            "eleventy",
            "node",
            [Npm("@11ty/eleventy")],
            sight => NodeRecipes.Site(sight, "eleventy", ["eleventy"], "_site")
        ),
        new(
            "vue-cli",
            "node",
            [Npm("@vue/cli-service"), File("public/index.html")],
            sight => NodeRecipes.Site(sight, "vue-cli", ["vue-cli-service", "build"], "dist")
        ),
        // A library is built by Vite too, but has no page.
        new(
            "vite",
            "node",
            [Npm("vite"), File("index.html"), Not(NodeServes(), "server of its own")],
            NodeFrameworks.Vite
        ),
        new(
            "vitepress",
            "node",
            [Npm("vitepress"), Either(File(VitePress("")), File(VitePress("docs/")))],
            NodeFrameworks.VitePress
        ),
        new(
            "hugo",
            "hugo",
            [File("hugo.toml", "hugo.yaml", "hugo.json", "config/_default/hugo.toml")],
            _ => Plain.Written("hugo", "hugo", "--minify", "--destination", "{out}")
        ),
        new(
            "hugo",
            "hugo",
            [
                Line(["config.toml", "config.yaml"], "(?i)^baseurl", "sets Hugo's baseURL"),
                File("archetypes/default.md", "layouts/index.html", "content/_index.md"),
            ],
            _ => Plain.Written("hugo", "hugo", "--minify", "--destination", "{out}")
        ),
        new(
            "jekyll",
            "ruby",
            [File("_config.yml"), Either(Gem("jekyll", "github-pages"), File("index.md", "_layouts/default.html"))],
            Ruby.Jekyll
        ),
        new(
            "mkdocs",
            "mkdocs",
            [File("mkdocs.yml", "mkdocs.yaml"), File("docs/index.md")],
            _ => Plain.Written("mkdocs", "mkdocs", "build", "--site-dir", "{out}")
        ),
        // Programs without a framework.
        new(
            "python",
            "python",
            [PythonRecipes.MainFile, Not(Either(Pip("fastapi", "flask", "django"), NodeStart.Sign), "framework")],
            PythonRecipes.Plain
        ),
        new("node", "node", [File("package.json"), NodeStart.Sign], NodeRecipes.Program),
        new("node", "node", [NodeStart.ServerFile], NodeRecipes.Program),
        new(
            "elixir",
            "elixir",
            [File("mix.exs"), Line(["mix.exs"], @"\bmod:\s*\{", "starts an application")],
            sight => Elixir.Release(sight, "elixir")
        ),
        new("rack", "ruby", [File("config.ru"), File("Gemfile")], sight => Ruby.Rack(sight, "rack")),
        new("php", "php", [File("index.php", "public/index.php", "web/index.php")], sight => Php.Plain(sight, "php")),
        // What says nothing of a program.
        new(
            "mlflow",
            "model",
            [Line(["MLmodel"], @"^\s*(flavors|model_uuid|python_function):", "describes a model")],
            Plain.Mlflow
        ),
        new("onnx", "model", [Plain.OnnxModel], Plain.Onnx),
        new(
            "dockerfile",
            "docker",
            [Line(["Dockerfile"], @"(?i)^\s*FROM\s", "says how an image is built")],
            Plain.Docker
        ),
        new("static", "static", [Plain.Page, Not(BuildScript(), "page that needs no build")], Plain.Files),
    ];

    private static Sign Npm(params string[] names) => Depends(NodePackage.Read, names);

    private static Sign Pip(params string[] names) => Depends(PythonProject.Read, names);

    private static Sign Gem(params string[] names) => Depends(Gemfile.Read, names);

    private static Sign Crate(params string[] names) => Depends(CargoPackage.Read, names);

    private static Sign Android() =>
        Line(
            ["app/build.gradle.kts", "app/build.gradle", "build.gradle.kts", "build.gradle"],
            @"com\.android\.application|libs\.plugins\.android\.application",
            "is the plugin of Android apps"
        );

    private static Sign BuildScript() =>
        One(
            "build script",
            sight =>
                sight.Know(NodePackage.Read).Script("build") is null
                    ? null
                    : NodePackage.Line(sight, "build", "builds it")
        );

    private static Sign NodeServes() =>
        One(
            "file that listens",
            sight => NodeStart.IsServer(sight) ? NodePackage.Line(sight, "start", "starts it") : null
        );

    private static string[] VitePress(string folder) => [.. NodeFrameworks.Config($"{folder}.vitepress/config")];
}
