@echo off
rem Double-click this file: it finds the digit windows on the photos in the folder photos_to_predict.
rem The work is done by Start-WaterMeters.ps1; this file only finds PowerShell 7 and keeps the window open.
rem WMS_NO_PAUSE=1 lets the window close, for a scheduled task.
setlocal EnableExtensions DisableDelayedExpansion
set "code=1"
set "script=%~dp0Start-WaterMeters.ps1"
if not exist "%script%" goto :incomplete

rem Only where programs are installed: "pwsh" alone would also start a pwsh.exe that lies in the current folder.
set "pwsh="
for %%P in (pwsh.exe) do set "pwsh=%%~$PATH:P"
if defined pwsh goto :found
set "pwsh=%ProgramW6432%\PowerShell\7\pwsh.exe"
if exist "%pwsh%" goto :found
set "pwsh=%ProgramFiles%\PowerShell\7\pwsh.exe"
if exist "%pwsh%" goto :found
rem From the Microsoft Store.
set "pwsh=%LOCALAPPDATA%\Microsoft\WindowsApps\pwsh.exe"
if exist "%pwsh%" goto :found
rem From dotnet tool install --global PowerShell.
set "pwsh=%USERPROFILE%\.dotnet\tools\pwsh.exe"
if exist "%pwsh%" goto :found

echo PowerShell 7.6 is not installed on this computer. It is free. To install it, open a Command Prompt and type:
echo.
echo     winget install Microsoft.PowerShell
echo.
echo Or get it from https://aka.ms/powershell
echo Then double-click this file again.
goto :end

:incomplete
echo Start-WaterMeters.ps1 is missing beside this file.
echo If both are in a .zip file, extract the whole .zip file first. Otherwise copy both files into the same folder.
goto :end

rem The script goes to its own folder itself: cmd could not, if that is on a network path.
:found
"%pwsh%" -NoLogo -NoProfile -ExecutionPolicy Bypass -File "%script%" -NoPause
set "code=%errorlevel%"

:end
echo.
if not defined WMS_NO_PAUSE pause
exit /b %code%
