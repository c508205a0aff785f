@echo off
rem Runs Llamax from this folder, building it first where a source file is newer than the last build.
setlocal
set "root=%~dp0"
set "program=%root%src\Llamax.Cli\bin\Release\net10.0\llamax.dll"
set "stamp=%root%.build\stamp"
set "stale="
if not exist "%program%" set stale=1
if not exist "%stamp%" set stale=1
if not defined stale powershell -NoProfile -Command "$t=(Get-Item '%stamp%').LastWriteTimeUtc; if (Get-ChildItem '%root%src','%root%Directory.*','%root%ReadyToRun.targets','%root%global.json' -Recurse | Where-Object { $_.FullName -notmatch '\\(bin|obj)(\\|$)' -and $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1) { exit 1 }" || set stale=1
if defined stale (
    echo building... 1>&2
    if not exist "%root%.build" mkdir "%root%.build"
    type nul > "%stamp%.new"
    dotnet build "%root%src\Llamax.Cli\Llamax.Cli.csproj" -c Release --nologo -v quiet 1>&2 || exit /b 70
    move /y "%stamp%.new" "%stamp%" >nul
)
dotnet "%program%" %*
