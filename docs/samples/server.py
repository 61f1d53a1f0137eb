"""最小的后端，只用 Python 标准库。说明见 docs/server.md。The smallest backend, on Python's standard library: see docs/server.md.

    WECHAT_APPID=… WECHAT_SECRET=… python3 server.py

用户和登录在内存里，重启就没有了：换成您的数据库。Users and logins are in memory, until the next start: put your database there.
"""

import json
import os
import secrets
import sys
import threading
import time
import traceback
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, build_opener

WECHAT_API_BASE = os.environ.get("WECHAT_API_BASE", "https://api.weixin.qq.com")
TOKEN_SECONDS = 2 * 60 * 60
REFRESH_SECONDS = 30 * 24 * 60 * 60
MAX_BODY = 64 * 1024

users = {}  # openid -> user
tokens = {}  # hash -> {user, refresh, ends}
refresh_tokens = {}  # hash -> {user, ends}
lock = threading.Lock()  # of the three


class Refusal(Exception):
    def __init__(self, errno, errmsg):
        super().__init__(errmsg)
        self.errno = errno
        self.errmsg = errmsg


class NoRedirect(HTTPRedirectHandler):
    """The address has the AppSecret in it: it goes to WeChat and nowhere else."""

    def redirect_request(self, *_):
        return None


wechat = build_opener(NoRedirect)


def hash_of(token):
    return sha256(str(token).encode()).hexdigest()


def issue(table, entry, seconds):
    """A new token. What has ended goes when something new comes."""
    for key in [key for key, other in table.items() if other["ends"] <= time.time()]:
        del table[key]
    token = secrets.token_hex(32)
    table[hash_of(token)] = {**entry, "ends": time.time() + seconds}
    return token


def find(table, token):
    entry = table.get(hash_of(token)) if token else None
    return entry if entry and entry["ends"] > time.time() else None


def logged_in(user, refresh_token):
    entry = {"user": user, "refresh": hash_of(refresh_token)}
    return {
        "token": issue(tokens, entry, TOKEN_SECONDS),
        "expiresIn": TOKEN_SECONDS,
        "refreshToken": refresh_token,
        "userInfo": user,
    }


def openid_of(code):
    """WeChat's answer has the session_key, which is for nobody else and no log."""
    query = urlencode(
        {
            "appid": os.environ["WECHAT_APPID"],
            "secret": os.environ["WECHAT_SECRET"],
            "js_code": code,
            "grant_type": "authorization_code",
        }
    )
    try:
        with wechat.open(f"{WECHAT_API_BASE}/sns/jscode2session?{query}", timeout=5) as response:
            answer = json.loads(response.read(MAX_BODY))
    except (OSError, ValueError):
        raise Refusal(711, "微信繁忙，请稍后再试") from None
    errcode = answer.get("errcode", 0)
    if errcode in (40029, 40163):
        raise Refusal(712, "微信登录凭证无效，请重新获取")
    if errcode == 45011:
        raise Refusal(713, "登录过于频繁，请稍后再试")
    if errcode == 40226:
        raise Refusal(714, "该微信用户存在风险，登录被拦截")
    if errcode == -1:
        raise Refusal(711, "微信繁忙，请稍后再试")
    if not answer.get("openid"):
        raise Refusal(502, "系统内部错误")
    return answer["openid"]


def user_of(openid, profile):
    user = users.setdefault(openid, {"userId": len(users) + 1, "nickName": "", "avatarUrl": ""})
    for name in ("nickName", "avatarUrl"):
        if profile.get(name):
            user[name] = profile[name]
    return user


def login_by_weixin(_, body):
    code = body.get("code")
    if not isinstance(code, str) or not code:
        raise Refusal(401, "参数不对")
    openid = openid_of(code)
    profile = body.get("userInfo")
    with lock:
        user = user_of(openid, profile if isinstance(profile, dict) else {})
        return logged_in(user, issue(refresh_tokens, {"user": user}, REFRESH_SECONDS))


def refresh(_, body):
    token = body.get("refreshToken")
    if not token:
        raise Refusal(401, "参数不对")
    with lock:
        entry = find(refresh_tokens, token)
        if not entry:
            raise Refusal(501, "请登录")
        return logged_in(entry["user"], token)


def signed_in(token):
    with lock:
        session = find(tokens, token)
    if not session:
        raise Refusal(501, "请登录")
    return session["user"]


def info(token, _):
    return signed_in(token)


def logout(token, body):
    with lock:
        session = find(tokens, token)
        ended = session["refresh"] if session else hash_of(body.get("refreshToken"))
        refresh_tokens.pop(ended, None)
        for key in [key for key, other in tokens.items() if other["refresh"] == ended]:
            del tokens[key]


def order_list(token, _):
    """您自己的接口这样写。An endpoint of your own."""
    return {"of": signed_in(token)["userId"], "list": []}


ROUTES = {
    "POST /wx/auth/login_by_weixin": login_by_weixin,
    "POST /wx/auth/refresh": refresh,
    "GET /wx/auth/info": info,
    "POST /wx/auth/logout": logout,
    "GET /wx/order/list": order_list,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 15

    def do_GET(self):
        try:
            answer = {"errno": 0, "errmsg": "成功", "data": self.data()}
        except Refusal as refusal:
            answer = {"errno": refusal.errno, "errmsg": refusal.errmsg}
        except Exception:
            traceback.print_exc()
            answer = {"errno": 502, "errmsg": "系统内部错误"}
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(answer["errno"] if answer["errno"] in (404, 413) else 200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def data(self):
        body = self.body()
        handler = ROUTES.get(f"{self.command} {self.path.split('?')[0]}")
        if not handler:
            raise Refusal(404, "接口不存在")
        return handler(self.headers.get("X-Litemall-Token"), body)

    def body(self):
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            # 不知道请求在哪里结束。Where the request ends is not known.
            self.close_connection = True
            raise Refusal(402, "参数值不对")
        if len(length) > len(str(MAX_BODY)) or int(length) > MAX_BODY:
            self.close_connection = True
            raise Refusal(413, "请求内容太大")
        text = self.rfile.read(int(length))
        if not text:
            return {}
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Refusal(402, "参数值不对")
        return body

    def log_message(self, *_):
        """The address is not logged: a query may hold a secret."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8787"))), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
